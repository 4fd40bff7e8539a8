import { PipelineError } from '../../execution/pipeline-error.ts';
import type { StateFile } from './state-file.ts';

/** What a session keeps of its shell between commands. Paths are as they are called inside the wall. */
export interface ShellState {
  readonly cwd: Buffer;
  readonly oldpwd: Buffer;
  readonly umask: string;
  readonly options: string;
  /** Exported variables. They also stand in `definitions`; here they are for people and programs to read. */
  readonly env: ReadonlyMap<string, Buffer>;
  readonly definitions: Buffer;
}

/** What a request asked for that is for its command only. */
export interface CommandOnly {
  readonly envNames: ReadonlySet<string>;
  readonly hasCwd: boolean;
}

/**
 * The session's state after a command.
 *
 * A variable that the request gave keeps the value that the session had before, whatever the command made of it.
 * When the request gave a directory and the command ended where it was started, the session stays where it was; a
 * command that changed directory itself takes the session along.
 *
 * @param start where a session begins that has no state yet
 */
export function nextShellState(
  left: StateFile,
  before: ShellState | null,
  given: CommandOnly,
  start: { readonly home: string; readonly env: ReadonlyMap<string, Buffer> },
): ShellState {
  const stays = given.hasCwd && left.cwd.equals(left.started);
  const kept = [...(before?.env ?? start.env)].filter(([name]) => given.envNames.has(name));
  const env = new Map([...left.env, ...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    cwd: stays ? (before?.cwd ?? Buffer.from(start.home)) : left.cwd,
    oldpwd: stays ? (before?.oldpwd ?? Buffer.alloc(0)) : left.oldpwd,
    umask: left.umask,
    options: left.options,
    env,
    definitions: left.definitions,
  };
}

const canonicalWorkspace = '/workspace';

/** A stored state in the words of a wall that calls the workspace something else. */
export const stateForWall = (state: ShellState, workspace: string): ShellState => ({
  ...state,
  cwd: renameStart(state.cwd, canonicalWorkspace, workspace),
  oldpwd: renameStart(state.oldpwd, canonicalWorkspace, workspace),
});

/** The reverse: what is stored calls the workspace /workspace, whatever the wall. */
export const stateForStore = (state: ShellState, workspace: string): ShellState => ({
  ...state,
  cwd: renameStart(state.cwd, workspace, canonicalWorkspace),
  oldpwd: renameStart(state.oldpwd, workspace, canonicalWorkspace),
});

function renameStart(path: Buffer, from: string, to: string): Buffer {
  const start = Buffer.from(from);
  const isBelow = path.subarray(0, start.length).equals(start) && (path[start.length] ?? slash) === slash;
  return isBelow ? Buffer.concat([Buffer.from(to), path.subarray(start.length)]) : path;
}

const slash = 0x2f;

/*
 * In the bucket a shell state is one JSON object: { version: 1, cwd, oldpwd, umask, options, env: [[name, value]…],
 * definitions } where all but version, umask, options and names are base64, because paths and values are bytes.
 */

/** The same state has the same bytes, and so the same name in the bucket. */
export function encodeShellState(state: ShellState): Buffer {
  return Buffer.from(
    JSON.stringify({
      version: 1,
      cwd: state.cwd.toString('base64'),
      oldpwd: state.oldpwd.toString('base64'),
      umask: state.umask,
      options: state.options,
      env: [...state.env].map(([name, value]) => [name, value.toString('base64')]),
      definitions: state.definitions.toString('base64'),
    }),
  );
}

/** Throws `workspace/corrupt` for anything that `encodeShellState` does not write. */
export function decodeShellState(bytes: Uint8Array): ShellState {
  const value = parseJson(bytes);
  if (value?.version !== 1 || !Array.isArray(value.env)) {
    throw new PipelineError('workspace/corrupt', 'the stored shell state is not of version 1');
  }
  const text = (name: string): string => {
    const found = value[name];
    if (typeof found !== 'string') throw new PipelineError('workspace/corrupt', `the shell state has no ${name}`);
    return found;
  };
  const base64 = (name: string) => Buffer.from(text(name), 'base64');
  return {
    cwd: base64('cwd'),
    oldpwd: base64('oldpwd'),
    umask: text('umask'),
    options: text('options'),
    env: new Map(value.env.map((entry) => [String(entry[0]), Buffer.from(String(entry[1]), 'base64')])),
    definitions: base64('definitions'),
  };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null; // the caller says what it was meant to be
  }
}
