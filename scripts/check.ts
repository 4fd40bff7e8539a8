import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that must hold before a commit, in the order in which it fails fastest. */

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'typecheck', command: [bin('tsc'), '-p', '.'] },
  { name: 'lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'infra', command: [process.execPath, join(root, 'scripts/check-infra.ts')] },
  { name: 'test', command: [process.execPath, join(root, 'scripts/test.ts')] },
  ...readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ name: `bench ${file}`, command: [process.execPath, join(root, 'bench', file), '--smoke'] })),
];

for (const { name, command } of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const started = performance.now();
  const [program = '', ...args] = command;
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`== ${name} failed\n`);
    process.exit(1);
  }
  process.stdout.write(`== ${name} passed in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
