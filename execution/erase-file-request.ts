import type { FileRequestRecord } from './file-request-record.ts';

/**
 * A request for files of a deleted session without what was written or read, where it was stored before the deletion; null: it
 * stays as it is. What is left makes a repeated delivery of it take no effect. One that may still be begun stays until it may not.
 */
export function eraseFileRequest(
  record: FileRequestRecord,
  { storedAt, deletedAt, now }: { readonly storedAt: number; readonly deletedAt: number; readonly now: number },
): FileRequestRecord | null {
  if (storedAt >= deletedAt) return null;
  if (record.state === 'done' ? record.answers.kind === 'failed' : now < record.endsAt) return null;
  const { requestId, sessionId, endsAt, expireAt } = record;
  const answers = { kind: 'failed', code: 'session/deleted', message: `erased with the session ${sessionId}` } as const;
  const checkpoint = record.state === 'done' ? record.checkpoint : null;
  return { requestId, sessionId, endsAt, expireAt, state: 'done', answers, checkpoint };
}
