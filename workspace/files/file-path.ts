import { isUtf8 } from 'node:buffer';
import type { FileOperation } from '../../execution/file-operation.ts';
import type { FilePath } from '../../schemas/generated/messages.ts';
import { type BytePath, pathProblem, showPath } from '../byte-path.ts';
import { fileError } from './file-error.ts';

/** The two folders of a session, as every path that a user sees calls them. */
export type FileRoot = 'workspace' | 'tmp';
/** A path on the wire is bounded; what it becomes is bounded by `pathProblem`. */
const maxGivenBytes = 8192;
/** Each folder on the way is held open while an operation goes through it. */
export const maxDepth = 256;

/**
 * Where a path leads: below the workspace as it stands there, '' being the workspace itself, and below /tmp with that before
 * it ("/tmp/a"). Relative paths begin in the workspace, and ".." is taken away by its letters, before anything is looked at.
 * Throws files/invalid-path for what leads elsewhere.
 */
export function parseFilePath(path: FilePath | Uint8Array): BytePath {
  const given = bytesOf(path);
  const refuse = (problem: string) => fileError('files/invalid-path', given, problem);
  if (given === '') throw refuse('is empty');
  if (given.length > maxGivenBytes) throw refuse(`has ${given.length} bytes; at most ${maxGivenBytes} are possible`);
  if (given.includes('\0')) throw refuse('holds a NUL byte');
  const [root, ...names] = namesOf(given);
  if (root !== 'workspace' && root !== 'tmp') throw refuse('is below neither /workspace nor /tmp');
  if (names.length > maxDepth) throw refuse(`leads more than ${maxDepth} folders deep`);
  const below = names.join('/');
  const problem = below === '' ? null : pathProblem(below);
  if (problem !== null) throw refuse(problem);
  return joinRoot(root, below);
}

/**
 * The same for a file whose content is read or written. Folders that every Linux system has, such as /etc, lead elsewhere and are
 * refused as folders all the same, with files/is-directory: whoever reads one learns what is wrong with that in any place.
 */
export function parseContentPath(path: FilePath | Uint8Array): BytePath {
  const given = bytesOf(path);
  const [root, ...below] = namesOf(given);
  const isFolder = given !== '' && below.length === 0 && (root === undefined || systemFolders.has(root));
  if (isFolder) throw fileError('files/is-directory', given, 'is a folder, and below neither /workspace nor /tmp');
  return parseFilePath(path);
}

/** Of an operation as it comes on the wire. */
export const parseOperationPath = ({ kind, path }: Pick<FileOperation, 'kind' | 'path'>): BytePath =>
  kind === 'read' || kind === 'write' || kind === 'append' ? parseContentPath(path) : parseFilePath(path);

/** As the Filesystem Hierarchy Standard 3.0 requires (chapter 3), and what Linux mounts. */
const systemFolders: ReadonlySet<string> = new Set(
  'bin boot dev etc home lib media mnt opt proc root run sbin srv sys usr var'.split(' '),
);

/** The folders on the way, from the root of the file system on, and the last name. */
function namesOf(given: BytePath): string[] {
  const names: string[] = given.startsWith('/') ? [] : ['workspace'];
  for (const name of given.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names;
}

/** What `rootOf` and `belowRoot` take apart. */
export const joinRoot = (root: FileRoot, below: BytePath): BytePath =>
  root === 'workspace' ? below : `/tmp${below === '' ? '' : `/${below}`}`;

/** Of a path as `parseFilePath` gives it. */
export const rootOf = (path: BytePath): FileRoot => (path.startsWith('/') ? 'tmp' : 'workspace');

/** The rest of such a path; '' is the root itself. */
export const belowRoot = (path: BytePath): BytePath => (rootOf(path) === 'tmp' ? path.slice('/tmp/'.length) : path);

function bytesOf(path: FilePath | Uint8Array): BytePath {
  if (path instanceof Uint8Array) return Buffer.from(path).toString('latin1');
  if (typeof path === 'string') {
    // A lone surrogate has no bytes: it would become another name.
    if (!path.isWellFormed()) throw fileError('files/invalid-path', '?', 'is no well-formed text');
    return Buffer.from(path).toString('latin1');
  }
  return Buffer.from(path.base64, 'base64').toString('latin1');
}

/** A path as messages carry it. */
export function filePathOf(path: BytePath): FilePath {
  const below = belowRoot(path);
  const bytes = Buffer.from(`/${rootOf(path)}${below === '' ? '' : `/${below}`}`, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') };
}

/** The place below a root that an absolute target of a link names; null: it leads out. */
export function targetBelow(root: FileRoot, target: BytePath): BytePath | null {
  const match = /^\/+(workspace|tmp)(?:\/+|$)/.exec(target);
  return match?.[1] === root ? target.slice(match[0].length) : null;
}

/** Text for people: control characters are escaped, and a name of any length is cut. */
export const shownPath = (path: BytePath): string => {
  const text = showPath(path);
  return text.length > 512 ? `${text.slice(0, 512)}…` : text;
};
