import { definitionsFor, isKeptBySh } from './sh-input.ts';
import { baseNames } from './shell-input.ts';
import { nextShellState, type ShellState } from './shell-state.ts';
import { type StateFile, splitAtNul, stateFileLimitBytes } from './state-file.ts';

/*
 * What prelude.sh leaves, exactly as it stands in the file. As of bash's, nothing of it is evaluated here:
 *
 *   file    = "sandbus-sh-state 1" NUL "status=" digits NUL "cwd=" path LF NUL "started=" path NUL "oldpwd=" [path] NUL
 *             "umask=" octal digits LF NUL "exports" NUL text NUL "end" NUL
 *   text    = what `export -p` prints: *("export " name ["=" word] LF)
 *   word    = *('characters' | "characters")
 */

/** A shell's options that are not kept: those of a new bash. */
const optionsOfNewShell = 'braceexpand:hashall:interactive-comments';

/** The state, or null when the file is not one. `definitions` is empty: a plain sh has none that could be read. */
export function parseShState(bytes: Buffer): StateFile | null {
  if (bytes.length > stateFileLimitBytes) return null;
  const parts = splitAtNul(bytes)?.map((part) => part.toString('latin1'));
  if (parts?.length !== 9) return null;
  const [magic, status = '', cwd = '', started = '', oldpwd = '', umask = '', marker, exports = '', end] = parts;
  if (magic !== 'sandbus-sh-state 1' || marker !== 'exports' || end !== 'end') return null;
  const code = /^status=(\d{1,3})$/.exec(status)?.[1];
  const directory = /^cwd=(\/[\s\S]*)\n$/.exec(cwd)?.[1];
  const startedIn = /^started=([\s\S]*)$/.exec(started)?.[1];
  const before = /^oldpwd=([\s\S]*)$/.exec(oldpwd)?.[1];
  const mask = /^umask=([0-7]{3,4})\n$/.exec(umask)?.[1];
  const env = parseExports(exports);
  if (code === undefined || directory === undefined || startedIn === undefined || before === undefined) return null;
  if (mask === undefined || env === null) return null;
  return {
    status: Number(code),
    cwd: Buffer.from(directory, 'latin1'),
    started: Buffer.from(startedIn, 'latin1'),
    oldpwd: Buffer.from(before, 'latin1'),
    umask: mask.padStart(4, '0'),
    options: optionsOfNewShell,
    env,
    definitions: Buffer.alloc(0),
  };
}

/**
 * As `nextShellState`, for what a plain sh left: what was given for the command alone is not told apart in its file, and a bash
 * of a later command gets definitions that make the same variables.
 */
export function nextShState(left: StateFile, ...[before, given, start]: Tail<typeof nextShellState>): ShellState {
  const env = new Map([...left.env].filter(([name]) => !given.envNames.has(name)));
  const next = nextShellState({ ...left, env }, before, given, start);
  return { ...next, definitions: definitionsFor(next, baseNames) };
}

type Tail<F extends (first: never, ...rest: never[]) => unknown> =
  Parameters<F> extends [unknown, ...infer Rest] ? Rest : never;

/** Exported variables with a value, those of shells themselves left out; null where the text is not of that form. */
function parseExports(text: string): ReadonlyMap<string, Buffer> | null {
  const env = new Map<string, Buffer>();
  const start = /(?:export|declare -x) ([A-Za-z_][A-Za-z0-9_]*)(=|\n)/y;
  for (let at = 0; at < text.length; ) {
    start.lastIndex = at;
    const [whole, name = '', next] = start.exec(text) ?? [];
    if (whole === undefined) return null;
    at += whole.length;
    if (next === '\n') continue;
    const word = readWord(text, at);
    if (word === null) return null;
    at = word.end;
    if (isKeptBySh(name)) env.set(name, Buffer.from(word.value, 'latin1'));
  }
  return env;
}

/** A quoted word and the line feed after it. By hand: a pattern that repeats a choice overflows its stack over megabytes. */
function readWord(text: string, from: number): { readonly value: string; readonly end: number } | null {
  const parts: string[] = [];
  const plain = /[A-Za-z0-9_./:@%+,=-]+/y;
  for (let at = from; ; ) {
    const quote = text[at];
    if (quote === '\n') return { value: parts.join(''), end: at + 1 };
    if (quote === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return null;
      parts.push(text.slice(at + 1, end));
      at = end + 1;
    } else if (quote === '"') {
      const end = endOfQuoted(text, at + 1);
      if (end === -1) return null;
      parts.push(text.slice(at + 1, end).replace(/\\([$`"\\])/g, '$1'));
      at = end + 1;
    } else {
      plain.lastIndex = at;
      const [word] = plain.exec(text) ?? [];
      if (word === undefined) return null;
      parts.push(word);
      at += word.length;
    }
  }
}

function endOfQuoted(text: string, from: number): number {
  for (let at = from; at < text.length; at += text[at] === '\\' ? 2 : 1) if (text[at] === '"') return at;
  return -1;
}
