import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs jest on the Node that runs this file; arguments go to jest. */
const root = join(import.meta.dirname, '..');
const jest = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    // A shell that still has the variables of a stack would send the tests' calls there.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/_EMULATOR_HOST$|^GOOGLE_APPLICATION_CREDENTIALS$/.test(name)),
    ),
    METADATA_SERVER_DETECTION: 'none',
    // Google's clients are ES modules' dependencies, and jest runs ES modules only behind this flag.
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
  },
});
process.exit(jest.status ?? 1);
