import type { CheckpointRecord } from './checkpoint-records.ts';
import type { SessionRecord, StoredRecords } from './records.ts';

/*
 * A session that was deleted keeps its record, with its epoch and its numbers, until its data is gone: a command that comes
 * under its id meanwhile begins an empty session that goes on with both, so that nothing of the old one can be taken for
 * something of the new one.
 */

/** The session as nobody but the collector of its data sees it any more. */
export function deleteSession(session: SessionRecord, now: number): SessionRecord {
  const { sessionId, tenantId, nextSeq, epoch, lastCheckpoint, createdAt } = session;
  return {
    ...{ sessionId, tenantId, nextSeq, lastCheckpoint, createdAt, state: 'deleted' },
    // Whoever still held a lease of it is too late.
    epoch: epoch + 1,
    head: null,
    active: null,
    queued: [],
    updatedAt: now,
    removal: { throughCheckpoint: lastCheckpoint, deletedAt: now },
  };
}

/** A new and empty session under the id of a deleted one whose data is still there. */
export const beginAfterDeletion = (fresh: SessionRecord, deleted: SessionRecord): SessionRecord => ({
  ...fresh,
  nextSeq: deleted.nextSeq,
  epoch: deleted.epoch,
  lastCheckpoint: deleted.lastCheckpoint,
  ...(deleted.removal && { removal: deleted.removal }),
});

/** The checkpoint, unless it was deleted with the session that had this id before. */
export const unlessDeleted = (
  checkpoint: CheckpointRecord | undefined,
  session: SessionRecord | undefined,
): CheckpointRecord | undefined =>
  checkpoint !== undefined && checkpoint.number <= (session?.removal?.throughCheckpoint ?? 0) ? undefined : checkpoint;

/** What a decision may see: no deleted session as the source of a fork, and no checkpoint that was deleted. */
export function withoutDeleted(stored: StoredRecords): StoredRecords {
  const { checkpoint, source, ...rest } = stored;
  const left = unlessDeleted(checkpoint, source ?? stored.session);
  return {
    ...rest,
    ...(source !== undefined && source.state !== 'deleted' && { source }),
    ...(left !== undefined && { checkpoint: left }),
  };
}
