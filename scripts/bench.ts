import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs one benchmark by its name; further arguments go to it. */
const folder = join(import.meta.dirname, '../bench');
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -'.ts'.length)] : []));

const [name = '', ...args] = process.argv.slice(2);
if (!names.includes(name)) {
  process.stderr.write(
    `${name === '' ? 'which benchmark?' : `no benchmark is called ${name}.`} There are: ${names.join(', ')}\n`,
  );
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [join(folder, `${name}.ts`), ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
