import { createHash } from 'node:crypto';
import { closeSync, createReadStream } from 'node:fs';
import { objectNames } from '../../execution/object-names.ts';
import type { ObjectRef, OutputFile, Outputs } from '../../schemas/generated/messages.ts';
import { BoundedTasks } from '../../workspace/bounded-tasks.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { DiskTree } from '../../workspace/files/disk-tree.ts';
import { fromSystem } from '../../workspace/files/file-error.ts';
import { filePathOf } from '../../workspace/files/file-path.ts';
import { atPlace } from '../../workspace/files/find-place.ts';
import { type Glob, parseGlob } from '../../workspace/files/glob.ts';
import { walkFiles } from '../../workspace/files/walk-files.ts';
import type { LeaseObjects } from '../lease-objects.ts';
import { unlessEnded } from '../shutdown.ts';
import type { FileOwner } from '../walls/wall.ts';
import { mediaTypeOf } from './media-type.ts';
import { type MatchedFile, missOutput, nothingSelected, outputLimits, selectOutput } from './select-outputs.ts';

export interface OutputsPlace {
  readonly workspace: string;
  readonly owner: FileOwner | null;
  readonly objects: Pick<LeaseObjects, 'upload'>;
  readonly executionId: string;
  readonly generation: number;
}

export interface CollectedOutputs {
  readonly outputs: Outputs;
  readonly warnings: readonly string[];
}

/** Files that are stored at the same time. */
const parallel = 8;

/**
 * Stores the files of a workspace that match, when nothing of the command runs any more. What the session's user could not
 * read is missed, and so is what is no file: no link is followed. It does not reject for a file: the event says what was missed.
 *
 * @param ended from then on nothing is looked for, opened or waited for, and what is not stored is missed
 */
export async function collectOutputs(
  patterns: readonly string[],
  place: OutputsPlace,
  ended: AbortSignal,
  limits = outputLimits,
): Promise<CollectedOutputs> {
  const globs = new Map<Glob, string>(patterns.map((pattern) => [parseGlob(pattern), pattern]));
  const unmatched = new Set(globs.keys());
  const warnings: string[] = [];
  const tree = new DiskTree(place.workspace, place.owner);
  const tasks = new BoundedTasks(parallel);
  const underWay: Promise<ObjectRef>[] = [];
  try {
    let selection = nothingSelected;
    const onProblem = (error: unknown) => warnings.push(`outputs were not looked for everywhere: ${messageOf(error)}`);
    const onUnlisted = (error: unknown, folder: BytePath) => onProblem(fromSystem(error, folder));
    try {
      for await (const { path, node, globs: matching } of walkFiles(tree, tree.root, {
        ...{ globs: [...globs.keys()], onUnlisted, ending: ended },
      })) {
        if (node.kind === 'directory') continue;
        for (const glob of matching) unmatched.delete(glob);
        selection = selectOutput(selection, { path, isFile: node.kind === 'file', bytes: node.size }, limits);
      }
    } catch (error) {
      onProblem(error);
    }
    const files: (OutputFile | null)[] = selection.chosen.map(() => null);
    for (const [index, file] of selection.chosen.entries()) {
      await tasks.start(async () => {
        try {
          ended.throwIfAborted();
          const storing = store(tree, file, place, ended);
          underWay.push(storing);
          const ref = await unlessEnded(storing, ended);
          const mediaType = mediaTypeOf(file.path);
          files[index] = { path: filePathOf(file.path), ref, ...(mediaType !== null && { mediaType }) };
        } catch (error) {
          selection = missOutput(selection, file, reasonOf(error, file), limits);
        }
      });
    }
    await tasks.finish();
    const { missed, more } = selection;
    return {
      outputs: { files: files.filter((file) => file !== null), missed: [...missed], more },
      warnings: [
        ...warnings,
        ...[...unmatched].map((glob) => `outputs: ${JSON.stringify(globs.get(glob))} matches no file`),
        ...(missed.length === 0 ? [] : [`outputs: ${missed.length + more} files were not collected`]),
      ],
    };
  } finally {
    await tasks.settle();
    const closed = Promise.allSettled(underWay).then(() => tree.close());
    // What is late is not waited for, and goes through the tree until it is over.
    if (!ended.aborted) await closed;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What the session did to its file, or what the pipeline did not do for it. */
function reasonOf(error: unknown, { path }: MatchedFile): 'not-readable' | 'not-stored' {
  try {
    return fromSystem(error, path).code.startsWith('files/') ? 'not-readable' : 'not-stored';
  } catch {
    return 'not-stored';
  }
}

/**
 * Read twice through one open file, because its name is its hash. Behind a wall no process is left that could change it in
 * between; without one, whoever reads the object finds out.
 */
const store = (tree: DiskTree, { path }: MatchedFile, place: OutputsPlace, ended: AbortSignal): Promise<ObjectRef> =>
  atPlace(tree, path, { followsLast: false }, async ({ directory, name }) => {
    const { fd } = tree.openToRead(directory, name);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of createReadStream('', { fd, autoClose: false, start: 0 })) {
        ended.throwIfAborted();
        hash.update(piece as Buffer);
        bytes += (piece as Buffer).length;
      }
      ended.throwIfAborted();
      const sha256 = hash.digest('hex');
      const object = objectNames.collected(place.executionId, place.generation, sha256);
      await place.objects.upload(object, { path: `/proc/self/fd/${fd}`, bytes });
      return { object, bytes, sha256 };
    } finally {
      closeSync(fd);
    }
  });
