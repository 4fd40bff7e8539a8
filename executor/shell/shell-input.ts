import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandFolders } from '../walls/wall.ts';
import type { ShellState } from './shell-state.ts';

export interface ShellLimits {
  /** Null leaves the limit that the executor itself has. */
  readonly pids: number | null;
  readonly fileMb: number;
  readonly openFiles: number;
  readonly cpuMs: number;
}

/** Everything that decides how one shell starts. */
export interface ShellInput {
  /** Shell text; bytes, because it need not be UTF-8. */
  readonly command: Buffer;
  /** The session's state; null for its first command. */
  readonly state: ShellState | null;
  /** Exported for this command only. */
  readonly env: Readonly<Record<string, string>>;
  /** Where this command alone starts; absolute as seen inside. */
  readonly cwd: string | null;
  readonly limits: ShellLimits;
}

/** Linux passes at most 128 KiB in one argument (MAX_ARG_STRLEN); a longer command goes by a file. */
const argumentBytes = 120 * 1024;

const preludePath = join(import.meta.dirname, 'prelude.bash');

/** The files of the input folder, by name. What they mean stands in prelude.bash. */
export async function shellFiles(input: ShellInput): Promise<ReadonlyMap<string, Buffer>> {
  const { command, state, env, cwd } = input;
  const files = new Map<string, Buffer>([['prelude.bash', await readFile(preludePath)]]);
  if (state !== null) {
    files.set('session-cwd', withNul(state.cwd));
    if (state.oldpwd.length > 0) files.set('session-oldpwd', withNul(state.oldpwd));
    files.set('definitions', state.definitions);
    files.set('options', withNul(Buffer.from(state.options)));
  }
  if (cwd !== null) files.set('request-cwd', withNul(Buffer.from(cwd)));
  const entries = Object.entries(env);
  if (entries.length > 0) {
    files.set('request-env', Buffer.concat(entries.map(([name, value]) => withNul(Buffer.from(`${name}=${value}`)))));
  }
  if (goesByFile(command)) files.set('command', command);
  return files;
}

const withNul = (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]);

/** Node passes arguments as UTF-8 only. */
const goesByFile = (command: Buffer) => command.length > argumentBytes || !isUtf8(command) || command.includes(0);

/** Files that the prelude opens for writing: they exist beforehand, so that no umask of the command locks them. */
export const shellOutputFiles = ['state', 'scratch'] as const;

/** How bash is called: with the very semantics of `bash -c`, because the command stays its own argument. */
export function shellArguments({ command }: ShellInput, inside: CommandFolders): [string, ...string[]] {
  const bash = ['/bin/bash', '--norc', '--noprofile'] as const;
  return goesByFile(command) ? [...bash, `${inside.input}/command`] : [...bash, '-c', '--', command.toString()];
}

/** The environment of a session's first command; later ones find it, and what became of it, in their state. */
export function baseEnvironment(inside: CommandFolders): Record<string, string> {
  return {
    HOME: inside.workspace,
    USER: 'user',
    LOGNAME: 'user',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  };
}

/** What the shell is started with: the base, and what only the prelude reads and then removes. */
export function shellEnvironment({ limits }: ShellInput, inside: CommandFolders): Record<string, string> {
  return {
    ...baseEnvironment(inside),
    BASH_ENV: `${inside.input}/prelude.bash`,
    SANDBUS_IN: inside.input,
    SANDBUS_OUT: inside.output,
    SANDBUS_ULIMITS: ulimits(limits),
  };
}

/**
 * Options of `ulimit`: no core files, open files, the size of a file in KiB, processor time in seconds, and processes.
 * The processor time of each process is a backstop behind what the executor counts of all, so it comes a little later.
 */
function ulimits({ pids, fileMb, openFiles, cpuMs }: ShellLimits): string {
  const always = `c=0 n=${openFiles} f=${fileMb * 1024} t=${Math.ceil(cpuMs / 1000) + 1}`;
  return pids === null ? always : `${always} u=${pids}`;
}
