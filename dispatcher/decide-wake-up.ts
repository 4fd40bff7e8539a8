import { assertNever } from '../execution/assert-never.ts';
import { expired, isExpired } from '../execution/first-start.ts';
import { holdsResult } from '../execution/held-result.ts';
import { baseOf, type LaunchPolicy, planLaunch, planWait, withdrawLease } from '../execution/launch.ts';
import { mayBeEnded } from '../execution/lease-expiry.ts';
import { owedEndOf } from '../execution/owed-end.ts';
import type {
  ExecutionRecord,
  Launch,
  LaunchingExecution,
  QueuedExecution,
  RecordWrites,
  RunningExecution,
  SessionRecord,
  StoredRecords,
} from '../execution/records.ts';
import { endGaps, firstHeld } from '../execution/session-sequence.ts';
import type { Outcome, WakeUp } from '../schemas/generated/messages.ts';

export interface WakeUpPolicy extends LaunchPolicy {
  /** How often a job may be asked for before the launch counts as failed, where the command never started. */
  readonly maxLaunches: number;
  /** How far the clocks of two instances may be apart. */
  readonly clockToleranceMs: number;
}

export interface WakeUpFacts {
  readonly reason: WakeUp['reason'];
  /** Whether there is room for another start; absent: not asked yet. */
  readonly mayStart?: boolean;
  readonly stored: StoredRecords;
  readonly newLeaseId: string;
  readonly now: number;
  /** What the launcher said of the job that nobody heard of, where it was asked. */
  readonly evidence?: string | undefined;
}

export type WakeUpDecision =
  | { readonly kind: 'launch'; readonly execution: LaunchingExecution; readonly writes?: RecordWrites }
  /** Given up: the completion event that says so is to be published. A job that still comes finds its lease withdrawn. */
  | {
      readonly kind: 'give-up';
      readonly execution: ExecutionRecord;
      readonly launch: Launch | null;
      readonly outcome: Outcome;
      /** When it ended, where that was decided before; else now. */
      readonly endedAt?: number;
      readonly writes?: RecordWrites;
    }
  /** The queue of the session has changed; the execution waits in it. */
  | { readonly kind: 'queue'; readonly writes: RecordWrites }
  /** It waits for capacity behind others. */
  | { readonly kind: 'wait-for-turn'; readonly writes: RecordWrites }
  /** To be decided again, with what there is room for. */
  | { readonly kind: 'ask-for-room'; readonly tenantId: string; readonly priority: number; readonly writes?: never }
  /** There is no such execution: should the session wait for it, its next one follows. */
  | { readonly kind: 'missing'; readonly writes?: never }
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/**
 * Decides what a wake-up for an execution means: its turn has come, or the lease of its launch ran out.
 * Wake-ups are hints and may be late or repeated; what holds is in the records.
 */
export function decideWakeUp(facts: WakeUpFacts, policy: WakeUpPolicy): WakeUpDecision {
  const { execution, session } = facts.stored;
  if (session === undefined) return { kind: 'ignore', why: 'unknown session' };
  if (execution === undefined) return { kind: 'missing' };
  if (firstHeld(session) === execution.executionId) return decideGap(execution, session, facts, policy);
  if (session.active !== execution.executionId) return { kind: 'ignore', why: 'not its turn' };
  switch (execution.state) {
    case 'queued':
      return decideTurn(execution, session, facts, policy);
    case 'launching':
      return decideUnclaimed(execution, session, facts, policy);
    case 'running':
      return decideUnheld(execution, session, facts, policy);
    case 'rejected':
    case 'finished':
      return { kind: 'ignore', why: `the execution is ${execution.state}` };
    default:
      return assertNever(execution);
  }
}

/** Lower numbers were waited for long enough: what was held joins the queue, and runs at once in a session at rest. */
function decideGap(
  execution: ExecutionRecord,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const ended = endGaps(session, facts.now);
  if (ended === session) return { kind: 'ignore', why: 'lower numbers may still come' };
  if (ended.active !== null) return { kind: 'queue', writes: { session: { ...ended, updatedAt: facts.now } } };
  if (execution.state !== 'queued') return { kind: 'ignore', why: `the execution is ${execution.state}` };
  if (isExpired(execution, facts.now)) return { kind: 'wait-for-turn', writes: planWait(execution, ended, facts.now) };
  return start(execution, ended, facts, policy);
}

/** Its turn in the session has come. Where it waits for capacity, only a turn that was given to it launches it. */
function decideTurn(
  execution: QueuedExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const owed = owedEndOf(execution);
  if (owed !== null) return { kind: 'give-up', execution, launch: null, outcome: owed.outcome, endedAt: owed.owedAt };
  const waiting = session.waiting?.executionId === execution.executionId ? session.waiting : null;
  if (isExpired(execution, facts.now)) {
    // Those that wait are looked at in each round, so the end is told again until it is stored.
    if (waiting === null) return { kind: 'wait-for-turn', writes: planWait(execution, session, facts.now) };
    return { kind: 'give-up', execution, launch: null, outcome: expired(execution, 'it could be launched') };
  }
  if (waiting !== null && facts.reason !== 'turn') return { kind: 'ignore', why: 'it waits for capacity' };
  return start(execution, session, facts, policy);
}

/** Launches what was given a turn, or finds room without one; else it waits for its turn behind others. */
function start(
  execution: QueuedExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const { reason, mayStart, now } = facts;
  const { tenantId, priority = 0, postponed = { generation: 0, attempt: 1 } } = execution;
  if (reason !== 'turn' && mayStart === undefined) return { kind: 'ask-for-room', tenantId, priority };
  if (reason !== 'turn' && mayStart === false) {
    return { kind: 'wait-for-turn', writes: planWait(execution, session, now) };
  }
  const { generation, attempt } = postponed;
  return launchAs({ generation: generation + 1, attempt }, execution, session, facts, policy);
}

/** No executor came: this launch provably did not start the command, so another is made, a bounded number of times. */
function decideUnclaimed(
  execution: LaunchingExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const { generation, attempt } = execution.launch;
  const { lease } = facts.stored;
  if (lease !== undefined && lease.cancelReason !== null) {
    const outcome: Outcome = { kind: 'cancelled', by: 'request', reason: lease.cancelReason };
    return { kind: 'give-up', execution, launch: execution.launch, outcome };
  }
  if (isHeld(facts, policy)) return { kind: 'ignore', why: 'the claim may still come' };
  const giveUp = (outcome: Outcome): WakeUpDecision => {
    const withdrawn = lease && { writes: { lease: withdrawLease(lease) } };
    return { kind: 'give-up', execution, launch: execution.launch, outcome, ...withdrawn };
  };
  if (attempt < policy.maxLaunches) {
    if (isExpired(execution, facts.now)) return giveUp(expired(execution, 'a launch was claimed'));
    return launchAs({ generation: generation + 1, attempt: attempt + 1 }, execution, session, facts, policy);
  }
  const last = facts.evidence === undefined ? '' : `; of the last one: ${facts.evidence}`;
  const silence = `${attempt} launches in a row were made and none claimed its lease`;
  // An earlier launch may have run the command: then nobody can say that it did not run.
  return giveUp(
    execution.starts === 0
      ? { kind: 'launch-failed', code: 'launch/never-claimed', message: `${silence}${last}` }
      : { kind: 'lost', evidence: `${silence}, after it was started ${execution.starts} times${last}`.slice(0, 1024) },
  );
}

/** The executor went silent: the command may have run, so it is started again only where the request allows it. */
function decideUnheld(
  execution: RunningExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  if (isHeld(facts, policy)) return { kind: 'ignore', why: 'the lease is held' };
  if (holdsResult(execution, facts.now)) return { kind: 'ignore', why: 'its result is held as a dead letter' };
  if ((facts.stored.lease?.cancelReason ?? null) !== null) return { kind: 'ignore', why: 'it was cancelled' };
  if (execution.starts < execution.maxGenerations) {
    return launchAs({ generation: execution.launch.generation + 1, attempt: 1 }, execution, session, facts, policy);
  }
  return { kind: 'ignore', why: 'the request does not allow another start' };
}

/** Without its lease record a launch can never be claimed or renewed, so it counts as run out. */
const isHeld = ({ stored: { lease }, now }: WakeUpFacts, { clockToleranceMs }: WakeUpPolicy): boolean =>
  lease !== undefined && !mayBeEnded(lease, now, clockToleranceMs);

function launchAs(
  launch: { readonly generation: number; readonly attempt: number },
  execution: ExecutionRecord,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const { newLeaseId, now, stored } = facts;
  const planned = planLaunch(baseOf(execution), session, { ...launch, leaseId: newLeaseId, now }, policy);
  const replaced = stored.lease === undefined ? {} : { deletedLeaseId: stored.lease.leaseId };
  return { kind: 'launch', execution: planned.execution, writes: { ...planned, ...replaced } };
}
