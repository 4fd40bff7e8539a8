import type { CheckpointRecord } from '../execution/checkpoint-records.ts';
import type { SessionRecord, StoredRecords } from '../execution/records.ts';
import type { CheckpointRef, ExecRequest } from '../schemas/generated/messages.ts';
import type { Rejection } from './find-rejection.ts';

/** Forks of forks: each lease of the last one may read the checkpoints of all. */
export const maxAncestors = 50;

/** Whether the session of a request begins at a checkpoint of another one. */
export const isFork = ({ checkpointOf, sessionId }: ExecRequest): boolean =>
  checkpointOf !== undefined && checkpointOf !== sessionId;

/** Why a session cannot begin at a checkpoint of another one; null when it can, or is not asked to. */
export function findForkProblem(
  request: ExecRequest,
  { session, source }: Pick<StoredRecords, 'session' | 'source'>,
): Rejection | null {
  const { checkpoint, checkpointOf, sessionId, tenantId = 'default' } = request;
  if (!isFork(request)) return null;
  const cannot = (message: string): Rejection => ({ code: 'request/cannot-fork', message });
  if (checkpoint === undefined) return cannot('checkpointOf needs the number of a checkpoint');
  if (session !== undefined) return cannot(`the session ${sessionId} exists already`);
  if (checkpoint === 0) return null; // the empty workspace is nobody's
  // Of another tenant's session a publisher learns no more than of one that does not exist.
  if (source?.tenantId !== tenantId) {
    return { code: 'request/unknown-checkpoint', message: `the tenant has no session ${checkpointOf}` };
  }
  const depth = source.ancestors?.length ?? 0;
  return depth < maxAncestors ? null : cannot(`the session ${checkpointOf} is a fork of ${depth} sessions in a row`);
}

/** A new session that begins at a checkpoint of another one, and goes on with its numbers. */
export function forkSession(
  session: SessionRecord,
  request: ExecRequest,
  { checkpoint, source }: Pick<StoredRecords, 'checkpoint' | 'source'>,
): { readonly session: SessionRecord; readonly checkpoint?: CheckpointRecord } {
  if (!isFork(request) || checkpoint === undefined || source === undefined) return { session };
  return beginAt(session, checkpoint, source);
}

/** The session with a checkpoint of another one as its first. Nothing is copied but the record. */
export function beginAt(
  session: SessionRecord,
  checkpoint: CheckpointRecord,
  source: SessionRecord,
): { readonly session: SessionRecord; readonly checkpoint: CheckpointRecord } {
  return {
    session: {
      ...session,
      head: refOf(checkpoint),
      lastCheckpoint: checkpoint.number,
      ancestors: [source.sessionId, ...(source.ancestors ?? [])],
      forkedFrom: { sessionId: source.sessionId, checkpoint: checkpoint.number },
    },
    checkpoint: {
      ...checkpoint,
      sessionId: session.sessionId,
      origin: { kind: 'fork', sessionId: source.sessionId },
    },
  };
}

/** What a checkpoint is, without how it came to be. */
export const refOf = ({
  number,
  parent,
  manifest,
  state,
  tmp,
  entries,
  workspaceBytes,
}: CheckpointRecord): CheckpointRef => ({
  ...{ number, parent, manifest, state, entries, workspaceBytes },
  ...(tmp && { tmp }),
});
