import type { BytePath } from '../byte-path.ts';
import { fileError } from './file-error.ts';
import { belowRoot, maxDepth, rootOf } from './file-path.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import { atPlace, mayPass, mayRead, mayWrite, newDirectoryMode, type Place, requireMode } from './find-place.ts';
import { requireFolderFits } from './require-fits.ts';

/*
 * What changes files, and what it takes: the same for a checkpoint and for a disk on which a command runs. Nothing here
 * can do more than the user of the session could.
 */

const newFileMode = 0o644;

const requireChangeable = <D, C>(tree: FileTree<D, C>, { directory }: Place<D>, path: BytePath) =>
  requireMode(tree.lookAt(directory), mayWrite | mayPass, path);

function requireFile(node: FoundNode, path: BytePath): void {
  if (node.kind === 'directory') throw fileError('files/is-directory', path, 'is a folder');
  if (node.kind !== 'file') throw fileError('files/invalid-path', path, 'is no regular file');
}

/** Over what the file held; its mode stays unless one is given. */
export const writeFile = <D, C>(tree: FileTree<D, C>, path: BytePath, content: C, mode: number | null): Promise<void> =>
  atPlace(tree, path, { followsLast: true, makesParents: true }, async (place) => {
    const { directory, name, node } = place;
    if (node === null) {
      requireChangeable(tree, place, path);
      return await tree.create(directory, name, content, mode ?? newFileMode);
    }
    requireFile(node, path);
    requireMode(node, mayWrite, path);
    await tree.overwrite(directory, name, content, mode);
  });

export const appendFile = <D, C>(tree: FileTree<D, C>, path: BytePath, content: C): Promise<void> =>
  atPlace(tree, path, { followsLast: true, makesParents: true }, async (place) => {
    const { directory, name, node } = place;
    if (node === null) {
      requireChangeable(tree, place, path);
      return await tree.create(directory, name, content, newFileMode);
    }
    requireFile(node, path);
    requireMode(node, mayWrite, path);
    await tree.append(directory, name, content);
  });

function requireBelowRoot(path: BytePath): void {
  if (belowRoot(path) === '')
    throw fileError('files/invalid-path', `/${rootOf(path)}`, 'is not to be moved or removed');
}

/** With those above it; one that is there is left as it is. */
export const makeDirectory = <D, C>(tree: FileTree<D, C>, path: BytePath): Promise<void> =>
  atPlace(tree, path, { followsLast: true, makesParents: true }, (place) => {
    const { directory, name, node } = place;
    if (node?.kind === 'directory') return;
    if (node !== null) throw fileError('files/already-exists', path, 'is there already and no folder');
    requireChangeable(tree, place, path);
    tree.makeDirectory(directory, name, newDirectoryMode);
  });

export async function removeFile<D, C>(
  tree: FileTree<D, C>,
  path: BytePath,
  { recursive, force }: { readonly recursive: boolean; readonly force: boolean },
): Promise<void> {
  requireBelowRoot(path);
  try {
    await atPlace(tree, path, { followsLast: false }, (place) => {
      const { directory, name, node } = place;
      if (node === null) throw fileError('files/not-found', path, 'is not there');
      if (node.kind === 'directory' && !recursive) throw fileError('files/is-directory', path, 'is a folder');
      requireChangeable(tree, place, path);
      removeNode(tree, directory, name, node, path);
    });
  } catch (error) {
    if (!force || !isMissing(error)) throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  Object(error).code === 'files/not-found' || Object(error).code === 'ENOENT';

/** Goes into folders by their names one at a time; what is swapped meanwhile is removed as what it has become. */
function removeNode<D, C>(tree: FileTree<D, C>, directory: D, name: BytePath, node: FoundNode, path: BytePath): void {
  if (node.kind !== 'directory') {
    tree.unlink(directory, name);
    return;
  }
  // Level by level and not by recursion: a command can build folders deeper than any stack.
  const levels: { directory: D; name: BytePath; inside: D; names: BytePath[] }[] = [];
  const goInto = (into: D, inName: BytePath) => {
    if (levels.length >= maxDepth) throw fileError('files/invalid-path', path, `holds more than ${maxDepth} folders`);
    const inside = tree.enter(into, inName);
    const names = [...tree.names(inside)];
    if (names.length > 0) requireMode(tree.lookAt(inside), mayRead | mayWrite | mayPass, path);
    levels.push({ directory: into, name: inName, inside, names });
  };
  try {
    goInto(directory, name);
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const next = level.names.pop();
      if (next === undefined) {
        levels.pop();
        tree.leave(level.inside);
        tree.removeDirectory(level.directory, level.name);
        continue;
      }
      const found = tree.look(level.inside, next);
      if (found?.kind === 'directory') goInto(level.inside, next);
      else if (found !== null) tree.unlink(level.inside, next);
    }
  } finally {
    for (const { inside } of levels) tree.leave(inside);
  }
}

/** Where something goes that leaves its tree. */
export interface OtherTree<Directory, Content> {
  readonly tree: FileTree<Directory, Content>;
  /** As `rename` of one tree. */
  take(from: Place<Directory>, to: Place<Directory>): void;
}

/** A folder is never replaced, and another thing only when that is said. */
export async function moveFile<D, C>(
  tree: FileTree<D, C>,
  path: BytePath,
  to: BytePath,
  { overwrite, other }: { readonly overwrite: boolean; readonly other?: OtherTree<D, C> | undefined },
): Promise<void> {
  requireBelowRoot(path);
  requireBelowRoot(to);
  const { tree: goal, take } = other ?? {
    tree,
    take: (from: Place<D>, into: Place<D>) => tree.rename(from.directory, from.name, into.directory, into.name),
  };
  await atPlace(tree, path, { followsLast: false }, async (from) => {
    if (from.node === null) throw fileError('files/not-found', path, 'is not there');
    requireChangeable(tree, from, path);
    const source = from.node;
    await atPlace(goal, to, { followsLast: false, makesParents: true }, (target) => {
      if (goal === tree && target.path === from.path) return;
      if (goal === tree && `${target.path}/`.startsWith(`${from.path}/`))
        throw fileError('files/invalid-path', to, 'lies in what is moved');
      const { node } = target;
      if (node?.kind === 'directory') throw fileError('files/already-exists', to, 'is a folder');
      if (node !== null && (!overwrite || source.kind === 'directory')) {
        throw fileError('files/already-exists', to, 'is there already');
      }
      requireChangeable(goal, target, to);
      if (source.kind === 'directory') requireFolderFits(tree, from, target.path, to);
      take(from, target);
    });
  });
}
