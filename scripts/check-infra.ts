import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import './install-infra.ts';

/** Everything that can be known of the deployment program without a project: its types, its behaviour, seeded faults. */

const root = join(import.meta.dirname, '..');
const program = join(root, 'infra/program');

const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'infra types', command: [join(root, 'node_modules/.bin/tsc'), '-p', program] },
  {
    name: 'infra tests',
    command: [
      ...[process.execPath, '--experimental-vm-modules', '--no-warnings'],
      ...[
        join(root, 'node_modules/jest/bin/jest.js'),
        '-c',
        join(program, 'jest.config.json'),
        ...process.argv.slice(2),
      ],
    ],
  },
];

for (const { name, command } of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const [file = '', ...args] = command;
  const { status } = spawnSync(file, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`== ${name} failed\n`);
    process.exit(1);
  }
}
