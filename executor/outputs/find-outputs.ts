import type { BytePath } from '../../workspace/byte-path.ts';
import type { DiskDirectory, DiskTree } from '../../workspace/files/disk-tree.ts';
import { fromSystem } from '../../workspace/files/file-error.ts';
import { maxDepth } from '../../workspace/files/file-path.ts';
import type { FoundNode } from '../../workspace/files/file-tree.ts';
import { mayPass, mayRead } from '../../workspace/files/find-place.ts';
import { type Glob, leadsToMatches, matchesGlob } from '../../workspace/files/glob.ts';
import { createTimeSlice } from '../../workspace/time-slice.ts';
import type { MatchedFile } from './select-outputs.ts';

export interface MatchedName extends MatchedFile {
  /** Which of the patterns it matches. */
  readonly globs: readonly Glob[];
}

/**
 * Gives everything of a workspace but folders that a pattern matches, in the order of a walk. No link is followed, and
 * what the user of the session may not list is passed over. Only folders that may hold a match are looked into.
 *
 * @param onProblem told why a folder could not be looked into to its end
 */
export async function* findOutputs(
  tree: DiskTree,
  globs: readonly Glob[],
  onProblem: (problem: string) => void,
): AsyncGenerator<MatchedName, void> {
  const slice = createTimeSlice();
  const levels: { readonly inside: DiskDirectory; readonly below: BytePath; readonly names: BytePath[] }[] = [];
  const goInto = (inside: DiskDirectory, below: BytePath) => {
    try {
      levels.push({ inside, below, names: [...tree.names(inside)].sort().reverse() });
    } catch (error) {
      onProblem(fromSystem(error, below).message);
      if (inside !== tree.root) tree.leave(inside);
    }
  };
  goInto(tree.root, '');
  try {
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      if (slice.isOver()) await slice.pause();
      const name = level.names.pop();
      if (name === undefined) {
        levels.pop();
        if (level.inside !== tree.root) tree.leave(level.inside);
        continue;
      }
      const path = `${level.below}${name}`;
      const matching = globs.filter((glob) => matchesGlob(glob, path));
      const leads = globs.some((glob) => leadsToMatches(glob, path));
      if (matching.length === 0 && !leads) continue;
      const node = tree.look(level.inside, name);
      if (node === null) continue;
      if (node.kind !== 'directory') {
        if (matching.length > 0) yield { path, isFile: node.kind === 'file', bytes: node.size, globs: matching };
      } else if (leads && isOpen(node) && levels.length < maxDepth) {
        goInto(tree.enter(level.inside, name), `${path}/`);
      }
    }
  } finally {
    for (const { inside } of levels) if (inside !== tree.root) tree.leave(inside);
  }
}

const isOpen = ({ isOwn, mode }: FoundNode): boolean => isOwn && (mode & (mayRead | mayPass)) === (mayRead | mayPass);
