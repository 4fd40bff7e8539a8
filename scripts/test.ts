import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs jest on the Node that runs this file; arguments go to jest. */
const root = join(import.meta.dirname, '..');
const jest = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    // Google's clients are ES modules' dependencies, and jest runs ES modules only behind this flag.
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
  },
});
process.exit(jest.status ?? 1);
