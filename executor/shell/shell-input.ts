import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandFolders } from '../walls/wall.ts';
import { shSession } from './sh-input.ts';
import type { ShellState } from './shell-state.ts';

export interface ShellLimits {
  /** Null leaves the limit that the executor itself has. */
  readonly pids: number | null;
  readonly fileMb: number;
  readonly openFiles: number;
  readonly cpuMs: number;
}

/** bash keeps all of a session's shell; a plain sh what is data: directory, exported variables, umask. */
export type ShellKind = 'bash' | 'sh';

/** Everything that decides how one shell starts. */
export interface ShellInput {
  readonly kind: ShellKind;
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

const preludes = { bash: 'prelude.bash', sh: 'prelude.sh' } as const;
/** In their order; a command's shell reads them as one file. */
const preludeParts = {
  bash: ['restore', 'trap', 'exit', 'save', 'start'].map((part) => `prelude/${part}.bash`),
  sh: ['prelude.sh'],
} as const;

async function readPrelude(kind: ShellKind): Promise<Buffer> {
  const parts = preludeParts[kind].map((part) => readFile(join(import.meta.dirname, part)));
  return Buffer.concat(await Promise.all(parts));
}

/** The files of the input folder, by name. What they mean stands in prelude/restore.bash and prelude.sh. */
export async function shellFiles(input: ShellInput): Promise<ReadonlyMap<string, Buffer>> {
  const { command, state, env, cwd, kind } = input;
  const files = new Map<string, Buffer>([[preludes[kind], await readPrelude(kind)]]);
  if (kind === 'sh') return files.set('session.sh', shSession({ ...input, base: baseNames })).set('command', command);
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
export function shellArguments({ kind, command }: ShellInput, inside: CommandFolders): [string, ...string[]] {
  // By `-c`, so that what sh says of an error begins with a name that people know: it is this $0.
  if (kind === 'sh') return ['/bin/sh', '-c', `. "$SANDBUS_IN/${preludes.sh}"`, 'sh'];
  const bash = ['/bin/bash', '--norc', '--noprofile'] as const;
  return goesByFile(command) ? [...bash, `${inside.input}/command`] : [...bash, '-c', '--', command.toString()];
}

/** The environment of a session's first command; later ones find it, and what became of it, in their state. */
export function baseEnvironment(inside: CommandFolders, kind: ShellKind = 'bash'): Record<string, string> {
  return {
    HOME: inside.workspace,
    USER: 'user',
    LOGNAME: 'user',
    SHELL: kind === 'sh' ? '/bin/sh' : '/bin/bash',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  };
}

export const baseNames: readonly string[] = Object.keys(baseEnvironment({ workspace: '', input: '', output: '' }));

/** What the shell is started with: the base, and what only the prelude reads and then removes. */
export function shellEnvironment({ kind, limits }: ShellInput, inside: CommandFolders): Record<string, string> {
  const folders = { SANDBUS_IN: inside.input, SANDBUS_OUT: inside.output };
  if (kind === 'sh') return { ...baseEnvironment(inside, kind), ...folders };
  return {
    ...baseEnvironment(inside),
    BASH_ENV: `${inside.input}/prelude.bash`,
    ...folders,
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
