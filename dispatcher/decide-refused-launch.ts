import { baseOf, planWait } from '../execution/launch.ts';
import type { LaunchingExecution, QueuedExecution, RecordWrites, StoredRecords } from '../execution/records.ts';

export interface PostponePolicy {
  /** How long a launch that found no capacity waits before the next try. */
  readonly postponeMs: number;
}

export interface RefusedLaunchFacts {
  /** The launch that no job was started for, as it was asked for. */
  readonly refused: LaunchingExecution;
  /** Whether a later launch may find capacity. */
  readonly isQuota: boolean;
  readonly stored: StoredRecords;
  readonly now: number;
}

export type RefusedLaunchDecision =
  /** Back in its place: it waits for capacity, however long that lasts. */
  | { readonly kind: 'postponed'; readonly writes: RecordWrites }
  /** Nothing can claim it any more: its completion event is to be published. */
  | { readonly kind: 'end'; readonly writes?: RecordWrites }
  /** The records have gone on: a job claimed it after all, it was cancelled, or another launch replaced this one. */
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/** Decides what a launch that was refused means. Its lease goes, so that no job which started unseen can claim it. */
export function decideRefusedLaunch(facts: RefusedLaunchFacts, policy: PostponePolicy): RefusedLaunchDecision {
  const { refused, isQuota, stored, now } = facts;
  const { execution, session, lease } = stored;
  const { leaseId, generation, attempt } = refused.launch;
  if (execution?.state !== 'launching' || execution.launch.leaseId !== leaseId) {
    return { kind: 'ignore', why: 'the execution has gone on' };
  }
  if (session?.active !== execution.executionId) return { kind: 'ignore', why: 'not its turn' };
  if (lease !== undefined && lease.cancelReason !== null) return { kind: 'ignore', why: 'it was cancelled' };
  const gone = lease === undefined ? {} : { deletedLeaseId: leaseId };
  if (!isQuota) return { kind: 'end', writes: gone };
  const { sinceAt = now, refusals = 0 } = execution.turn ?? {};
  const queued: QueuedExecution = { ...baseOf(execution), state: 'queued', postponed: { generation, attempt } };
  const turn = { sinceAt, refusals: refusals + 1, retryAt: now + policy.postponeMs };
  return { kind: 'postponed', writes: { ...planWait(queued, session, now, turn), ...gone } };
}
