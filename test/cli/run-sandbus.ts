import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../cli/main.ts');

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Leaves the standard input open, as a terminal does, after `stdin`. */
  readonly keepsInput?: boolean;
  /** Called once the process runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the `sandbus` command as a person does: as a process of its own, with the variables given and no others. */
export async function runSandbus(
  args: readonly string[],
  { env, cwd, stdin = '', keepsInput = false, onStart }: CliOptions,
): Promise<CliEnd> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: 'pipe',
  });
  onStart?.(child);
  // A command that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => {});
  if (keepsInput) child.stdin.write(stdin);
  else child.stdin.end(stdin);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
