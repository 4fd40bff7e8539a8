import { PipelineError } from '../execution/pipeline-error.ts';
import { type CollectionPolicy, decideCollection, type ListedObject } from './decide-collection.ts';
import type { FolderPorts } from './ports.ts';

export interface Collected {
  readonly removed: readonly ListedObject[];
  /** Nothing leads to them, but they may not go yet. */
  readonly young: readonly ListedObject[];
  /** What something leads to. */
  readonly kept: readonly ListedObject[];
  /** Sessions for which what is kept may be kept, besides the one whose folder it is. */
  readonly forks: readonly string[];
  /** Why nothing was removed though it might have been; null when all is well. */
  readonly problem: string | null;
}

/**
 * Removes what nothing leads to from a session's folder. The order is what makes it safe (see README.md): the list first, then
 * one moment of all that leads into it. May be stopped anywhere and repeated.
 */
export async function collectFolder(
  sessionId: string,
  ports: FolderPorts,
  policy: CollectionPolicy & { readonly dryRun: boolean },
): Promise<Collected> {
  const now = ports.now();
  const objects = await ports.listObjects(`sessions/${sessionId}/`);
  if (objects.length === 0) return { removed: [], young: [], kept: [], forks: [], problem: null };
  const { session, checkpoints, forks, launchedAt } = await ports.readRoots(sessionId);
  let referenced: ReadonlySet<string>;
  try {
    referenced = await ports.followCheckpoints(checkpoints);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.retryable) throw error;
    return { removed: [], young: [], kept: objects, forks, problem: `${sessionId}: ${error.message}` };
  }
  const deletedAt = session?.state === 'deleted' ? (session.removal?.deletedAt ?? null) : null;
  const { remove, young, kept } = decideCollection({ objects, referenced, launchedAt, deletedAt, now }, policy);
  const rest = { young, kept, forks, problem: null };
  if (policy.dryRun) return { ...rest, removed: remove };
  const removed: ListedObject[] = [];
  for (const object of remove) if (await ports.deleteObject(object)) removed.push(object);
  return { ...rest, removed };
}
