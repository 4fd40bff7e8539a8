import type { FilePath } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../byte-path.ts';
import { fileError } from './file-error.ts';
import { filePathOf } from './file-path.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import { atPlace, mayPass, mayRead, type Place, requireMode } from './find-place.ts';
import { parseGlob } from './glob.ts';
import { type ListBudget, listBudget } from './list-budget.ts';
import { type WalkFilesOptions, walkFiles } from './walk-files.ts';

/** One thing in a workspace, as it is told. */
export interface ListedFile {
  readonly path: FilePath;
  /** "other": a named pipe, a socket or a device. */
  readonly kind: FoundNode['kind'];
  readonly size: number;
  readonly mode: number;
  readonly modifiedMs: number;
  /** Where a link leads; text, whatever its bytes are. */
  readonly target?: string;
}

/** More are not told in one answer. */
export const maxListed = 100_000;

/** What is there; a link at the end of the path is told of as such. */
export const statFile = <D, C>(tree: FileTree<D, C>, path: BytePath): Promise<ListedFile> =>
  atPlace(tree, path, { followsLast: false }, ({ directory, name, node }) => {
    if (node === null) throw fileError('files/not-found', path, 'is not there');
    return listed(tree, directory, { name, path, node });
  });

export interface ListOptions {
  readonly recursive: boolean;
  /** Which paths, relative to the folder, are told. */
  readonly glob: string | null;
}

/** What ends a list early: by throwing. */
export interface ListEnd extends Pick<WalkFilesOptions, 'ending'> {
  readonly budget?: ListBudget;
}

/**
 * What is in a folder, in the order of a walk. Links are told of and not followed. Throws files/too-large for more than
 * `maxListed`, for what takes too many steps to find (`walkFiles`), and beyond the budget, of which it spends.
 */
export const listFiles = <D, C>(
  tree: FileTree<D, C>,
  path: BytePath,
  options: ListOptions,
  end: ListEnd = {},
): Promise<readonly ListedFile[]> =>
  atPlace(tree, path, { followsLast: true }, (place) =>
    inFolder(tree, place, path, (folder) => listFolder(tree, folder, { path, ...options, ...end })),
  );

async function inFolder<D, C, T>(
  tree: FileTree<D, C>,
  { directory, name, node }: Place<D>,
  path: BytePath,
  use: (folder: D) => Promise<T>,
): Promise<T> {
  if (node === null) throw fileError('files/not-found', path, 'is not there');
  if (node.kind !== 'directory') throw fileError('files/not-a-directory', path, 'is no folder');
  if (name === '') return use(directory);
  const folder = tree.enter(directory, name);
  try {
    return await use(folder);
  } finally {
    tree.leave(folder);
  }
}

async function listFolder<D, C>(
  tree: FileTree<D, C>,
  folder: D,
  { path, recursive, glob, ending, budget = listBudget() }: ListOptions & ListEnd & { readonly path: BytePath },
): Promise<readonly ListedFile[]> {
  const globs = glob === null ? null : [parseGlob(glob)];
  const prefix = path === '' ? '' : `${path}/`;
  requireMode(tree.lookAt(folder), mayRead | mayPass, path);
  const found: ListedFile[] = [];
  const ends = { budget: budget.patterns, walked: budget.walked, ...(ending && { ending }) };
  for await (const { directory, name, path: below, node } of walkFiles(tree, folder, { globs, recursive, ...ends })) {
    if (found.length === maxListed)
      throw fileError('files/too-large', path, `holds more than ${maxListed} names: list parts`);
    budget.listed.spend(1);
    found.push(listed(tree, directory, { name, path: `${prefix}${below}`, node }));
  }
  return found;
}

function listed<D, C>(
  tree: FileTree<D, C>,
  directory: D,
  { name, path, node }: { readonly name: BytePath; readonly path: BytePath; readonly node: FoundNode },
): ListedFile {
  const { kind, size, mode, modifiedMs } = node;
  const target = kind === 'symlink' ? Buffer.from(tree.readLink(directory, name), 'latin1').toString('utf8') : null;
  return { path: filePathOf(path), kind, size, mode, modifiedMs, ...(target !== null && { target }) };
}

/** What may be read is a file that the user of the session could read. */
export function requireReadable(node: FoundNode | null, path: BytePath): FoundNode {
  if (node === null) throw fileError('files/not-found', path, 'is not there');
  if (node.kind === 'directory') throw fileError('files/is-directory', path, 'is a folder');
  if (node.kind !== 'file') throw fileError('files/invalid-path', path, 'is no regular file');
  requireMode(node, mayRead, path);
  return node;
}

export interface ReadRange {
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** A whole answer is held in memory by whoever asks. */
export const maxReadBytes = 256 * 1024 * 1024;

/** Which bytes of a file of this size are meant. Throws files/too-large for more than the caller takes, or anybody may. */
export function rangeOf(
  size: number,
  path: BytePath,
  range: ReadRange,
): { readonly start: number; readonly end: number } {
  const { offset = 0, length = size } = range;
  const maxBytes = Math.min(range.maxBytes ?? maxReadBytes, maxReadBytes);
  const start = Math.min(offset, size);
  const end = Math.min(start + length, size);
  if (end - start > maxBytes) {
    throw fileError('files/too-large', path, `has ${end - start} bytes to read; the limit is ${maxBytes}`);
  }
  return { start, end };
}
