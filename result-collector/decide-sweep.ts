import { collectionMs, holdsResult } from '../execution/held-result.ts';
import { describeEvidence, type JobEvidence } from '../execution/job-evidence.ts';
import { mayBeEnded } from '../execution/lease-expiry.ts';
import type { Launch, LeaseRecord, RecordWrites, RunningExecution, StoredRecords } from '../execution/records.ts';
import type { Outcome, WakeUp } from '../schemas/generated/messages.ts';

export interface SweepFacts {
  /** The lease as the search found it; `stored` has what is true now. */
  readonly leaseId: string;
  readonly stored: StoredRecords;
  readonly evidence: JobEvidence;
  readonly now: number;
}

export interface SweepPolicy {
  /** How far the clocks of two instances may be apart. */
  readonly clockToleranceMs: number;
}

export type SweepDecision =
  | { readonly kind: 'leave'; readonly writes?: never }
  /** A lease that no execution points to any more. */
  | { readonly kind: 'discard'; readonly writes: RecordWrites }
  /** The dispatcher is to decide on another launch, or on how the session goes on without the execution. */
  | { readonly kind: 'wake'; readonly wakeUp: WakeUp; readonly writes?: never }
  /** Nobody will speak for the execution: its completion event is to be published. */
  | {
      readonly kind: 'end';
      readonly execution: RunningExecution;
      readonly launch: Launch;
      readonly outcome: Outcome;
      readonly writes?: never;
    };

/**
 * Decides what becomes of a lease whose time may be over. Safe to run in several places at once.
 *
 * An execution whose own result exists is left: the result is under way, or held as a dead letter to be replayed. Both are
 * bounded, so that an execution ends whatever becomes of its result.
 */
export function decideSweep(
  { leaseId, stored, evidence, now }: SweepFacts,
  { clockToleranceMs }: SweepPolicy = { clockToleranceMs: 0 },
): SweepDecision {
  const { lease, execution, session } = stored;
  if (lease === undefined || !mayBeEnded(lease, now, clockToleranceMs)) return { kind: 'leave' };
  if (execution === undefined && session?.active === lease.executionId) {
    const { executionId, sessionId } = lease;
    return { kind: 'wake', wakeUp: { executionId, sessionId, reason: 'executor-lost' } };
  }
  const launch = execution !== undefined && 'launch' in execution ? execution.launch : null;
  if (execution === undefined || launch?.leaseId !== leaseId || execution.state === 'finished') {
    return { kind: 'discard', writes: { deletedLeaseId: leaseId } };
  }
  const { executionId, sessionId } = execution;
  if (execution.state === 'launching') {
    return {
      kind: 'wake',
      wakeUp: {
        executionId,
        sessionId,
        reason: 'claim-never-came',
        evidence: describeEvidence(evidence).slice(0, 1024),
      },
    };
  }
  if (execution.state !== 'running' || holdsResult(execution, now)) return { kind: 'leave' };
  if (lease.cancelReason !== null) {
    return {
      kind: 'end',
      execution,
      launch,
      outcome: { kind: 'cancelled', by: 'request', reason: lease.cancelReason },
    };
  }
  if (execution.heldResult === undefined && hasDelivered(evidence) && now < lease.expiresAt + collectionMs) {
    return { kind: 'leave' };
  }
  if (execution.starts < execution.maxGenerations) {
    return { kind: 'wake', wakeUp: { executionId, sessionId, reason: 'executor-lost' } };
  }
  return { kind: 'end', execution, launch, outcome: outcomeOfLost(lease, evidence) };
}

/** An executor ends with exit code 0 only when Pub/Sub has stored its result. */
const hasDelivered = (evidence: JobEvidence): boolean =>
  evidence.kind === 'ended' && evidence.cause === 'exited' && evidence.exitCode === 0;

/**
 * SIGKILL from outside is how Cloud Run ends a container that ran out of memory; the task's message says which. A job
 * that somebody cancelled at Cloud Run was shut down, which its executor would have said if it had had the time.
 */
function outcomeOfLost(lease: LeaseRecord, evidence: JobEvidence): Outcome {
  if (evidence.kind === 'ended') {
    const { cause, message } = evidence;
    if (/memory limit/i.test(message)) return { kind: 'out-of-memory', evidence: message.slice(0, 1024) };
    if (cause === 'cancelled') {
      return { kind: 'cancelled', by: 'shutdown', reason: describeEvidence(evidence).slice(0, 1024) };
    }
  }
  const silence = `no heartbeat came before ${new Date(lease.expiresAt).toISOString()}`;
  return { kind: 'lost', evidence: `${silence}; ${describeEvidence(evidence)}`.slice(0, 1024) };
}
