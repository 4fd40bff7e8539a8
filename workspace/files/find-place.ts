import type { BytePath } from '../byte-path.ts';
import { fileError } from './file-error.ts';
import { belowRoot, joinRoot, maxDepth, rootOf, targetBelow } from './file-path.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import { requirePathFits } from './require-fits.ts';

/** A name in a folder, and what it stands for. The name '' is the folder itself. */
export interface Place<Directory> {
  readonly directory: Directory;
  readonly name: BytePath;
  /** Null: nothing has this name. */
  readonly node: FoundNode | null;
  /** Where that is, links followed. */
  readonly path: BytePath;
}

export interface FindOptions {
  /** Whether a link at the end of the path stands for what it leads to. */
  readonly followsLast: boolean;
  /** Missing folders on the way are made. */
  readonly makesParents?: boolean;
}

/** As Linux has it. */
const maxLinks = 40;
export const newDirectoryMode = 0o755;

/** Bits of the owner: everything in a workspace belongs to the user of its session. */
export const mayRead = 0o400;
export const mayWrite = 0o200;
export const mayPass = 0o100;

export function requireMode(node: FoundNode, bits: number, path: BytePath): void {
  if (node.isOwn && (node.mode & bits) === bits) return;
  throw fileError(
    'files/permission-denied',
    path,
    'may not be touched by the user of the session: its mode forbids it',
  );
}

/**
 * Follows a path from the root, one name at a time. Links are followed as far as they lead to places below the same root;
 * ".." in them goes up the folders that were passed, and never above the root. `use` may look at the place and change
 * it; the folders on the way are held until it has.
 */
export async function atPlace<Directory, Content, T>(
  tree: FileTree<Directory, Content>,
  path: BytePath,
  options: FindOptions,
  use: (place: Place<Directory>) => T | Promise<T>,
): Promise<T> {
  const passed: { readonly directory: Directory; readonly name: BytePath }[] = [];
  try {
    return await use(findPlace(tree, path, options, passed));
  } finally {
    for (const { directory } of passed.reverse()) tree.leave(directory);
  }
}

function findPlace<Directory, Content>(
  tree: FileTree<Directory, Content>,
  path: BytePath,
  { followsLast, makesParents = false }: FindOptions,
  passed: { readonly directory: Directory; readonly name: BytePath }[],
): Place<Directory> {
  const root = rootOf(path);
  const pending = namesOf(belowRoot(path));
  let links = 0;
  const current = () => passed.at(-1)?.directory ?? tree.root;
  const pathOf = (name: BytePath) =>
    joinRoot(root, [...passed.map((one) => one.name), name].filter((one) => one !== '').join('/'));
  const leaveLast = () => {
    const last = passed.pop();
    if (last === undefined) throw fileError('files/invalid-path', path, `leads out of /${root} through a link`);
    tree.leave(last.directory);
  };
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      leaveLast();
      continue;
    }
    const directory = current();
    requireMode(tree.lookAt(directory), mayPass, path);
    const node = tree.look(directory, name);
    const isLast = pending.length === 0;
    if (node?.kind === 'symlink' && (!isLast || followsLast)) {
      links += 1;
      if (links > maxLinks) throw fileError('files/invalid-path', path, `leads through more than ${maxLinks} links`);
      const target = tree.readLink(directory, name);
      const below = target.startsWith('/') ? targetBelow(root, target) : target;
      if (below === null) throw fileError('files/invalid-path', path, `leads out of /${root} through a link`);
      if (target.startsWith('/')) while (passed.length > 0) leaveLast();
      pending.push(...namesOf(below));
      continue;
    }
    const place = pathOf(name);
    requirePathFits(place, path);
    if (isLast) return { directory, name, node, path: place };
    if (node === null) {
      if (!makesParents) throw fileError('files/not-found', path, 'is not there');
      requireMode(tree.lookAt(directory), mayWrite, path);
      tree.makeDirectory(directory, name, newDirectoryMode);
    } else if (node.kind !== 'directory') {
      throw fileError('files/not-a-directory', path, 'leads through something that is no folder');
    }
    if (passed.length >= maxDepth)
      throw fileError('files/invalid-path', path, `leads more than ${maxDepth} folders deep`);
    passed.push({ directory: tree.enter(directory, name), name });
  }
  const directory = current();
  return { directory, name: '', node: tree.lookAt(directory), path: pathOf('') };
}

/** The last one first. */
const namesOf = (path: BytePath): BytePath[] =>
  path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse();
