import { isUtf8 } from 'node:buffer';

/**
 * A name or a path below the workspace's root, one character per byte ("latin1"), so that names which are not UTF-8
 * survive and comparing strings compares bytes.
 */
export type BytePath = string;

/** Leaves room below PATH_MAX for the prefix under which a path is opened. */
export const maxPathBytes = 4000;
const maxNameBytes = 255;
const slash = 0x2f;
const dot = 0x2e;

/** Why a path can't stand in a checkpoint, or null. */
export function pathProblem(path: BytePath): string | null {
  if (path === '') return 'is empty';
  if (path.length > maxPathBytes) return `has ${path.length} bytes; at most ${maxPathBytes} are possible`;
  if (path.includes('\0')) return 'holds a NUL byte';
  // Without a string for each part: this is asked of each path of each manifest.
  let start = 0;
  for (;;) {
    const slashAt = path.indexOf('/', start);
    const end = slashAt === -1 ? path.length : slashAt;
    const problem = partProblem(path, start, end);
    if (problem !== null || slashAt === -1) return problem;
    start = end + 1;
  }
}

function partProblem(path: BytePath, start: number, end: number): string | null {
  const length = end - start;
  if (length === 0) return 'is absolute or has an empty part';
  if (length > maxNameBytes) return `has a part of ${length} bytes; at most ${maxNameBytes} are possible`;
  if (length > 2 || path.charCodeAt(start) !== dot || path.charCodeAt(end - 1) !== dot) return null;
  return `has a part "${path.slice(start, end)}"`;
}

/** The order of a walk: siblings by their bytes, each directory directly before all that is below it. */
export function comparePaths(a: BytePath, b: BytePath): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    if (left === slash) return -1;
    if (right === slash) return 1;
    return left - right;
  }
  return a.length - b.length;
}

/** The directory that holds a path; '' is the root. */
export const parentPath = (path: BytePath): BytePath => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A path as a person reads it: text where it is UTF-8, control characters and stray bytes escaped. */
export function showPath(path: BytePath): string {
  const bytes = Buffer.from(path, 'latin1');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : path.replace(/[\x80-\xff]/g, escapeByte);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f]/g, escapeByte);
}

const escapeByte = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** What Node's file functions take for these bytes: a string would be encoded as UTF-8. */
export const fsPath = (path: BytePath): string | Buffer => (isAscii.test(path) ? path : Buffer.from(path, 'latin1'));

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant
const isAscii = /^[\x00-\x7f]*$/;
