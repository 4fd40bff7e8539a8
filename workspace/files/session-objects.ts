import { isOfCheckpoints } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';

export interface ObjectBytes {
  read(object: string): Promise<Uint8Array>;
  write(object: string, bytes: Uint8Array): Promise<unknown>;
}

/**
 * The parts of a session's checkpoints, for whoever may read the whole bucket. What a manifest names is not trusted, so
 * nothing is read that does not belong to one of the sessions: its own, and those that it was forked from.
 */
export const createSessionObjects = (objects: ObjectBytes, sessionIds: readonly string[]): WorkspaceObjects => ({
  async read(refs) {
    const foreign = refs.find(({ object }) => !isOfCheckpoints(object, sessionIds));
    if (foreign !== undefined) throw new PipelineError('workspace/corrupt', `${foreign.object} is of another session`);
    return new Map(await Promise.all(refs.map(async ({ object }) => [object, await objects.read(object)] as const)));
  },
  async write(named) {
    await Promise.all([...named].map(([object, bytes]) => objects.write(object, bytes)));
  },
});
