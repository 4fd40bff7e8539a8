import { requireBucket } from './find-object.ts';
import type { ObjectFields } from './object-store.ts';
import { requirePreconditions } from './preconditions.ts';
import type { StorageState } from './storage-state.ts';
import type { UploadStart } from './upload-record.ts';
import type { OpenUpload } from './upload-sessions.ts';
import { requireObjectName } from './write-object.ts';

/** Starts a resumable upload of either API, or refuses at once what could not be stored at its end. */
export function startSession(
  state: StorageState,
  { readFields, ...start }: Omit<UploadStart, 'fields'> & { readonly readFields: () => ObjectFields },
): OpenUpload {
  const { bucket, name, preconditions } = start;
  requireBucket(state, bucket);
  requireObjectName(name);
  requirePreconditions(state.store.object(bucket, name), preconditions);
  return state.sessions.start({ ...start, fields: readFields() }, state.clock.now());
}
