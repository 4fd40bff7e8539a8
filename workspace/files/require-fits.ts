import { type BytePath, maxPathBytes } from '../byte-path.ts';
import { codeOf } from '../file-errors.ts';
import { fileError } from './file-error.ts';
import { belowRoot, maxDepth } from './file-path.ts';
import type { FileTree } from './file-tree.ts';

const depthOf = (path: BytePath): number => path.split('/').length;

/** A place that a path leads to, links followed: no checkpoint has a longer path. */
export function requirePathFits(place: BytePath, path: BytePath): void {
  const bytes = belowRoot(place).length;
  if (bytes <= maxPathBytes) return;
  throw fileError(
    'files/invalid-path',
    path,
    `leads to a path of ${bytes} bytes; at most ${maxPathBytes} are possible`,
  );
}

/** Whether all that is in a folder still has paths that a checkpoint can have, once the folder is moved to `place`. */
export function requireFolderFits<D, C>(
  tree: FileTree<D, C>,
  folder: { directory: D; name: BytePath },
  place: BytePath,
  path: BytePath,
): void {
  const [bytesAbove, depthAbove] = [belowRoot(place).length, depthOf(belowRoot(place))];
  // Level by level and not by recursion: a command can build folders deeper than any stack.
  const levels: { readonly inside: D; readonly names: Iterator<BytePath>; readonly bytes: number }[] = [];
  const goInto = (directory: D, name: BytePath, bytes: number) => {
    const entered = open(tree, directory, name);
    if (entered !== null) levels.push({ ...entered, bytes });
  };
  try {
    goInto(folder.directory, folder.name, bytesAbove);
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const next = level.names.next();
      if (next.done === true) {
        tree.leave(level.inside);
        levels.pop();
        continue;
      }
      const bytes = level.bytes + 1 + next.value.length;
      if (bytes > maxPathBytes)
        throw fileError(
          'files/invalid-path',
          path,
          `would hold a path of ${bytes} bytes; at most ${maxPathBytes} are possible`,
        );
      if (depthAbove + levels.length > maxDepth)
        throw fileError('files/invalid-path', path, `would be more than ${maxDepth} folders deep`);
      if (tree.look(level.inside, next.value)?.kind === 'directory') goInto(level.inside, next.value, bytes);
    }
  } finally {
    for (const { inside } of levels) tree.leave(inside);
  }
}

/** Null where its own user may not look into it: it can be moved all the same. */
function open<D, C>(tree: FileTree<D, C>, directory: D, name: BytePath) {
  let inside: D;
  try {
    inside = tree.enter(directory, name);
  } catch (error) {
    if (codeOf(error) === 'EACCES') return null;
    throw error;
  }
  try {
    return { inside, names: [...tree.names(inside)].values() };
  } catch (error) {
    tree.leave(inside);
    throw error;
  }
}
