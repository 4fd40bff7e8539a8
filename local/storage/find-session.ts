import { StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import type { UploadSession } from './upload-sessions.ts';

export function findSession(state: StorageState, id: string): UploadSession {
  const session = state.sessions.find(id, state.clock.now());
  if (session !== undefined) return session;
  throw new StorageError({
    status: 404,
    reason: 'notFound',
    code: 'NoSuchUpload',
    message: 'No such upload: the upload_id is unknown, cancelled or older than a week.',
    at: { locationType: 'parameter', location: 'upload_id' },
  });
}
