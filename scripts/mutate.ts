import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages } from './packages.js';

/**
 * Mutation testing: changes the pure files on purpose, one place at a time, and counts what their tests do not notice.
 * Arguments go to Stryker. It is a package of its own, so that nothing else installs it.
 */
const root = join(import.meta.dirname, '..');
const folder = join(import.meta.dirname, 'mutation');

ensurePackages({ folder, what: 'Stryker' });
const stryker = join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const config = join(folder, 'stryker.config.json');
const { status } = spawnSync(process.execPath, [stryker, 'run', config, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
