import { hash } from 'node:crypto';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';

/** The one thing this folder needs from outside: where objects lie. Both calls may be repeated. */
export interface WorkspaceObjects {
  /**
   * The bytes of each object, by its name. One call names what is wanted next, at most a few dozen objects. `bytes` of a
   * reference bounds what needs to be read. What is given belongs to the caller, who may hand its memory on. Rejects with a
   * PipelineError; `google/not-found` when an object is missing.
   */
  read(refs: readonly ObjectRef[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Stores objects under names that carry their hash: one that exists already is done. */
  write(objects: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** Reads objects and proves that they are what was meant: in the order of `refs`. */
export async function readVerified(
  objects: Pick<WorkspaceObjects, 'read'>,
  refs: readonly ObjectRef[],
): Promise<Uint8Array[]> {
  const found = await readUnproved(objects, refs);
  found.forEach((bytes, i) => {
    const ref = refs[i];
    if (ref !== undefined && hash('sha256', bytes) !== ref.sha256) {
      throw new PipelineError('workspace/corrupt', `${ref.object} does not have the hash ${ref.sha256}`);
    }
  });
  return found;
}

/** Reads objects of the right sizes, in the order of `refs`, for whoever proves what is in them. */
export async function readUnproved(
  objects: Pick<WorkspaceObjects, 'read'>,
  refs: readonly ObjectRef[],
): Promise<Uint8Array[]> {
  const found = await readObjects(objects, refs);
  return refs.map((ref) => {
    const bytes = found.get(ref.object);
    if (bytes === undefined) throw new PipelineError('workspace/corrupt', `${ref.object} is missing`);
    if (bytes.length !== ref.bytes) {
      throw new PipelineError('workspace/corrupt', `${ref.object} has ${bytes.length} bytes, not ${ref.bytes}`);
    }
    return bytes;
  });
}

async function readObjects(objects: Pick<WorkspaceObjects, 'read'>, refs: readonly ObjectRef[]) {
  try {
    return await objects.read(refs);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'google/not-found') throw error;
    const names = refs.length === 1 ? refs[0]?.object : `one of ${refs.length} objects`;
    throw new PipelineError('workspace/corrupt', `${names} is missing: ${error.message}`, { cause: error });
  }
}
