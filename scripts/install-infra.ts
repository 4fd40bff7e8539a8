import { join } from 'node:path';
import { ensurePackages } from './packages.js';

/** Installs what the deployment program needs, once: Pulumi weighs 110 MB, and nothing else needs it. */
ensurePackages({
  folder: join(import.meta.dirname, '../infra/program'),
  what: 'Pulumi and its provider for Google Cloud, about 110 MB',
});
