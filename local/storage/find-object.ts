import { bucketGrammarProblem } from './bucket-settings.ts';
import type { BucketRecord, ObjectRecord, SoftDeletedObject } from './object-store.ts';
import { bucketNotFound, invalidArgument, objectNotFound, requiredParameter } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

export function requireBucket(state: StorageState, name: string): BucketRecord {
  const bucket = state.store.bucket(name);
  if (bucket !== undefined) return bucket;
  const problem = bucketGrammarProblem(name);
  throw problem === null ? bucketNotFound(name) : invalidArgument(problem);
}

/** The live object; a `generation` that is not the live one is not found, as without object versioning at Google. */
export function requireObject(
  state: StorageState,
  bucket: string,
  name: string,
  generation: number | null,
): ObjectRecord {
  requireBucket(state, bucket);
  const record = state.store.object(bucket, name);
  if (record === undefined || (generation !== null && record.generation !== generation))
    throw objectNotFound(bucket, name);
  return record;
}

/** A soft-deleted object is named by its generation: there may be several of one name. */
export function requireSoftDeleted(
  state: StorageState,
  { bucket, name, generation }: { readonly bucket: string; readonly name: string; readonly generation: number | null },
): SoftDeletedObject {
  requireBucket(state, bucket);
  if (generation === null) throw requiredParameter('generation');
  const deleted = state.store
    .softDeletedObjects(bucket, state.clock.now())
    .find(({ record }) => record.name === name && record.generation === generation);
  if (deleted === undefined) throw objectNotFound(bucket, name);
  return deleted;
}
