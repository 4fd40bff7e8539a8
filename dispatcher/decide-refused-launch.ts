import { baseOf, planWait, withdrawLease } from '../execution/launch.ts';
import type { PipelineError } from '../execution/pipeline-error.ts';
import type { LaunchingExecution, QueuedExecution, RecordWrites, StoredRecords } from '../execution/records.ts';
import type { Outcome } from '../schemas/generated/messages.ts';

export interface PostponePolicy {
  /** How long a launch that found no capacity waits before the next try. */
  readonly postponeMs: number;
}

export interface RefusedLaunchFacts {
  /** The launch that no job was started for, as it was asked for. */
  readonly refused: LaunchingExecution;
  /** What the launcher said: launch/quota when a later launch may find capacity. */
  readonly failure: PipelineError;
  readonly stored: StoredRecords;
  readonly now: number;
}

export type RefusedLaunchDecision =
  /** Back in its place: it waits for capacity, however long that lasts. */
  | { readonly kind: 'postponed'; readonly writes: RecordWrites }
  /** Nothing can claim it any more: its completion event is to be published. */
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly writes?: RecordWrites }
  /** The records have gone on: a job claimed it after all, it was cancelled, or another launch replaced this one. */
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/**
 * Decides what a launch that was refused means. A job may have started all the same, when the answer to an earlier call
 * was lost: the launch has failed only while nobody has claimed it, and nobody can from then on.
 */
export function decideRefusedLaunch(facts: RefusedLaunchFacts, policy: PostponePolicy): RefusedLaunchDecision {
  const { refused, failure, stored, now } = facts;
  const { execution, session, lease } = stored;
  const { leaseId, generation, attempt } = refused.launch;
  if (execution?.state !== 'launching' || execution.launch.leaseId !== leaseId) {
    return { kind: 'ignore', why: 'the execution has gone on' };
  }
  if (session?.active !== execution.executionId) return { kind: 'ignore', why: 'not its turn' };
  if (lease !== undefined && lease.cancelReason !== null) return { kind: 'ignore', why: 'it was cancelled' };
  if (failure.code !== 'launch/quota') {
    const withdrawn = lease && { writes: { lease: withdrawLease(lease) } };
    return { kind: 'end', outcome: outcomeOf(failure, execution.starts), ...withdrawn };
  }
  const { sinceAt = now, refusals = 0 } = execution.turn ?? {};
  const queued: QueuedExecution = { ...baseOf(execution), state: 'queued', postponed: { generation, attempt } };
  const turn = { sinceAt, refusals: refusals + 1, retryAt: now + policy.postponeMs };
  const gone = lease && { deletedLeaseId: leaseId };
  return { kind: 'postponed', writes: { ...planWait(queued, session, now, turn), ...gone } };
}

/** An earlier launch may have run the command: then nobody can say that it did not run. */
const outcomeOf = ({ code, message }: PipelineError, starts: number): Outcome =>
  starts === 0
    ? { kind: 'launch-failed', code, message }
    : { kind: 'lost', evidence: `${message}, after it was started ${starts} times`.slice(0, 1024) };
