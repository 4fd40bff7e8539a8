import { deleteSession } from '../execution/deleted-session.ts';
import type { RecordWrites, SessionRecord, StoredRecords } from '../execution/records.ts';
import { isAtRest } from '../execution/session-expiry.ts';

export interface ExpiryDecision {
  readonly kind: 'delete' | 'leave';
  readonly writes?: RecordWrites;
}

/** Deletes a session that nothing has used until its time was over. Its data goes in the same round, or in a later one. */
export function decideExpiry({ session }: StoredRecords, now: number): ExpiryDecision {
  return session !== undefined && isExpired(session, now)
    ? { kind: 'delete', writes: { session: deleteSession(session, now) } }
    : { kind: 'leave' };
}

export const isExpired = (session: SessionRecord, now: number): boolean =>
  session.state !== 'deleted' && isAtRest(session) && session.expireAt !== undefined && session.expireAt <= now;

/** Whether a checkpoint may be taken from its session's history: the session may have gone on from it meanwhile. */
export function mayBeThinned(session: SessionRecord | undefined, number: number): boolean {
  return session?.head?.number !== number;
}

export interface RemovalDecision {
  /** `forget`: the record of the deleted session goes; `settle`: the session goes on, and nothing of the old one is left. */
  readonly kind: 'forget' | 'settle' | 'leave';
  readonly writes?: RecordWrites;
  readonly deletedSessionId?: string;
}

/**
 * What becomes of the record of a deleted session, once all that belonged to it is gone. `deletedAt` is the deletion whose data
 * was seen to be gone: there may have been another since.
 */
export function decideRemoval({ session }: StoredRecords, deletedAt: number): RemovalDecision {
  if (session?.removal?.deletedAt !== deletedAt) return { kind: 'leave' };
  if (session.state === 'deleted') return { kind: 'forget', deletedSessionId: session.sessionId };
  const { removal: _, ...rest } = session;
  return { kind: 'settle', writes: { session: rest } };
}
