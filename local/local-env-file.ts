import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const pidVariable = 'SANDBUS_LOCAL_PID';

/** Variables as a shell reads them: `export NAME='value'`, one a line. */
export const renderLocalEnv = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');

/** Writes the variables that lead clients to the stack of this process; only its user may read them. */
export function writeLocalEnv(file: string, env: Readonly<Record<string, string>>, pid: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderLocalEnv({ ...env, [pidVariable]: String(pid) }), { mode: 0o600 });
}

/** Removes the file if it still leads to the stack of this process. */
export function removeLocalEnv(file: string, pid: number): void {
  if (pidIn(file) === pid) rmSync(file);
}

/** The process whose stack the file leads to, while it lives; null otherwise. */
export function findRunningStack(file: string): number | null {
  const pid = pidIn(file);
  return pid !== null && isAlive(pid) ? pid : null;
}

function pidIn(file: string): number | null {
  try {
    const [, pid] = new RegExp(`^export ${pidVariable}='(\\d+)'$`, 'm').exec(readFileSync(file, 'utf8')) ?? [];
    return pid === undefined ? null : Number(pid);
  } catch {
    return null; // no file, no stack
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
