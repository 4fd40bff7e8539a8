import type { ShellState } from './shell-state.ts';

/** Every value of these a shell makes for itself, or may not be given. */
const ofShells = /^(?:__sandbus_.*|BASH.*|SHELLOPTS|U?EUID|UID|PPID|PWD|OLDPWD|SHLVL|IFS|OPTIND|_)$/;

export const isKeptBySh = (name: string): boolean => !ofShells.test(name);

export interface ShSession {
  /** The session's state; null for its first command. */
  readonly state: Pick<ShellState, 'cwd' | 'oldpwd' | 'umask' | 'env'> | null;
  /** For this command only. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | null;
  /** What every shell is started with. */
  readonly base: readonly string[];
  readonly limits: {
    readonly pids: number | null;
    readonly fileMb: number;
    readonly openFiles: number;
    readonly cpuMs: number;
  };
}

/**
 * The text by which a plain sh enters a session. Of what a session keeps it takes what is data: directory, exported variables
 * and umask. Hard limits come before anything of the session.
 */
export function shSession({ state, env, cwd, base, limits }: ShSession): Buffer {
  const text: (string | Buffer)[] = [shLimits(limits)];
  if (state !== null) {
    text.push(definitionsFor(state, base));
    if (cwd === null) text.push(...enter(state.cwd), orHome(state.cwd));
    text.push('OLDPWD=', quoted(state.oldpwd), '\n');
  }
  for (const [name, value] of Object.entries(env)) text.push(`export ${name}=`, quoted(Buffer.from(value)), '\n');
  if (cwd !== null) {
    const given = quoted(Buffer.from(cwd));
    text.push('__sandbus_text=$OLDPWD\n', ...enter(Buffer.from(cwd)));
    text.push(' || { printf "sandbus: cannot change to directory \'%s\'\\n" ', given, ' >&2; exit 1; }\n');
    text.push('OLDPWD=$__sandbus_text\n');
  }
  text.push('__sandbus_started=$PWD\n');
  return join(text);
}

/** Makes the exported variables and the umask again, in any shell of the family. */
export function definitionsFor({ env, umask }: Pick<ShellState, 'env' | 'umask'>, base: readonly string[]): Buffer {
  const gone = base.filter((name) => !env.has(name)).map((name) => `unset -v ${name}\n`);
  const made = [...env].flatMap(([name, value]) => [`export ${name}=`, quoted(value), '\n']);
  return join([...gone, ...made, `umask ${umask}\n`]);
}

const enter = (directory: Buffer): (string | Buffer)[] => ['CDPATH= cd -- ', quoted(directory), ' >/dev/null 2>&1'];

const orHome = (directory: Buffer): Buffer =>
  join([
    ' || { cd -- "$HOME"; printf "sandbus: the directory \'%s\' is gone, starting in %s\\n" ',
    quoted(directory),
    ' "$HOME" >&2; }\n',
  ]);

/** Files are counted in blocks of 512 bytes (POSIX); processes are -u in some shells and -p in others. */
function shLimits({ pids, fileMb, openFiles, cpuMs }: ShSession['limits']): string {
  const set = (option: string, value: number) => `ulimit -${option} ${value} 2>/dev/null`;
  return [
    ...[set('c', 0), set('n', openFiles), set('f', fileMb * 2048), set('t', Math.ceil(cpuMs / 1000) + 1)],
    ...(pids === null ? [] : [`${set('u', pids)} || ${set('p', pids)}`]),
    '',
  ].join('\n');
}

/** One word of shell text that means these bytes. */
function quoted(value: Buffer): Buffer {
  return Buffer.from(`'${value.toString('latin1').replaceAll("'", `'"'"'`)}'`, 'latin1');
}

const join = (parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
