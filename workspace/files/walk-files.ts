import type { BytePath } from '../byte-path.ts';
import type { StepBudget } from '../step-budget.ts';
import { createTimeSlice } from '../time-slice.ts';
import { fileError } from './file-error.ts';
import { maxDepth } from './file-path.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import { mayPass, mayRead } from './find-place.ts';
import { type Glob, type GlobsAt, globBudget, startGlobs } from './glob.ts';

/** One name that a walk came to. */
export interface WalkedName<Directory> {
  readonly directory: Directory;
  readonly name: BytePath;
  /** Below the folder in which the walk began. */
  readonly path: BytePath;
  readonly node: FoundNode;
  /** Which of the patterns match. */
  readonly globs: readonly Glob[];
}

export interface WalkFilesOptions {
  /** Only what one of them matches is given, and only folders that may hold such are looked into. Null: everything. */
  readonly globs: readonly Glob[] | null;
  /** Without patterns: whether what lies in folders of the folder is given. */
  readonly recursive?: boolean;
  /** Told why a folder could not be listed, and the walk goes on; without it that is thrown. */
  readonly onUnlisted?: (error: unknown, folder: BytePath) => void;
  /** Ends the walk by throwing its reason. */
  readonly ending?: AbortSignal;
  /** Names that are looked at, whether they match or not. */
  readonly maxNames?: number;
  /** Of those too, over several walks. */
  readonly walked?: StepBudget;
  readonly budget?: ReturnType<typeof globBudget>;
  readonly slice?: ReturnType<typeof createTimeSlice>;
}

/** As many as a workspace may have (`DISPATCHER_MAX_WORKSPACE_FILES`). */
const maxWalkedNames = 1_000_000;

interface Level<Directory> {
  readonly inside: Directory;
  readonly below: BytePath;
  readonly at: GlobsAt | null;
  /** Still to come, last one first. */
  readonly names: BytePath[];
}

/**
 * What is in a folder, in the order of a walk: links are given as such and not followed, and folders that the user of the
 * session may not list are not looked into. Whatever the patterns and the tree are, other work of the process has its turn,
 * and there is an end: throws files/too-large after `maxNames` names, and when a budget is spent.
 */
export async function* walkFiles<Directory, Content>(
  tree: FileTree<Directory, Content>,
  folder: Directory,
  options: WalkFilesOptions,
): AsyncGenerator<WalkedName<Directory>, void> {
  const { globs, recursive = false, onUnlisted, ending, maxNames = maxWalkedNames } = options;
  const { walked, budget = globBudget(), slice = createTimeSlice() } = options;
  const levels: Level<Directory>[] = [];
  let count = 0;

  const goInto = async (inside: Directory, below: BytePath, at: GlobsAt | null) => {
    const names: BytePath[] = [];
    levels.push({ inside, below, at, names });
    try {
      for (const name of tree.names(inside)) {
        ending?.throwIfAborted();
        if (slice.isOver()) await slice.pause();
        names.push(name);
        count += 1;
        if (count > maxNames || names.length > (walked?.left ?? maxNames)) break;
      }
    } catch (error) {
      if (ending?.aborted === true || onUnlisted === undefined) throw error;
      names.length = 0;
      onUnlisted(error, below);
    }
    walked?.spend(names.length);
    if (count > maxNames) throw fileError('files/too-large', below, `is one of more than ${maxNames} names to look at`);
    names.sort().reverse();
  };

  try {
    await goInto(folder, '', globs === null ? null : startGlobs(globs, budget));
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      ending?.throwIfAborted();
      if (slice.isOver()) await slice.pause();
      const name = level.names.pop();
      if (name === undefined) {
        levels.pop();
        if (level.inside !== folder) tree.leave(level.inside);
        continue;
      }
      const at = level.at?.below(name) ?? null;
      const matching = at?.matching ?? [];
      const isGiven = at === null || matching.length > 0;
      const leadsOn = at?.leadsOn ?? recursive;
      if (!isGiven && !leadsOn) continue;
      const node = tree.look(level.inside, name);
      if (node === null) continue;
      const path = `${level.below}${name}`;
      if (isGiven) yield { directory: level.inside, name, path, node, globs: matching };
      if (node.kind !== 'directory' || !leadsOn || !isOpen(node) || levels.length >= maxDepth) continue;
      await goInto(tree.enter(level.inside, name), `${path}/`, at);
    }
  } finally {
    for (const { inside } of levels) if (inside !== folder) tree.leave(inside);
  }
}

const isOpen = ({ isOwn, mode }: FoundNode): boolean => isOwn && (mode & (mayRead | mayPass)) === (mayRead | mayPass);
