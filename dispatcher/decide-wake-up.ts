import { assertNever } from '../execution/assert-never.ts';
import { baseOf, type LaunchPolicy, planLaunch, withdrawLease } from '../execution/launch.ts';
import type {
  ExecutionRecord,
  LaunchingExecution,
  RecordWrites,
  RunningExecution,
  SessionRecord,
  StoredRecords,
} from '../execution/records.ts';
import type { Outcome } from '../schemas/generated/messages.ts';

export interface WakeUpPolicy extends LaunchPolicy {
  /** How often a job may be asked for before the launch counts as failed, where the command never started. */
  readonly maxLaunches: number;
}

export interface WakeUpFacts {
  readonly stored: StoredRecords;
  readonly newLeaseId: string;
  readonly now: number;
}

export type WakeUpDecision =
  | { readonly kind: 'launch'; readonly execution: LaunchingExecution; readonly writes?: RecordWrites }
  /** Given up: the completion event that says so is to be published. A job that still comes finds its lease withdrawn. */
  | {
      readonly kind: 'give-up';
      readonly execution: LaunchingExecution;
      readonly outcome: Outcome;
      readonly writes?: RecordWrites;
    }
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/**
 * Decides what a wake-up for an execution means: its turn has come, or the lease of its launch ran out.
 * Wake-ups are hints and may be late or repeated; what holds is in the records.
 */
export function decideWakeUp(facts: WakeUpFacts, policy: WakeUpPolicy): WakeUpDecision {
  const { execution, session } = facts.stored;
  if (execution === undefined || session === undefined) return { kind: 'ignore', why: 'unknown execution' };
  if (session.active !== execution.executionId) return { kind: 'ignore', why: 'not its turn' };
  switch (execution.state) {
    case 'queued':
      return launchAs({ generation: 1, attempt: 1 }, execution, session, facts, policy);
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

/** No executor came: this launch provably did not start the command, so another is made, a bounded number of times. */
function decideUnclaimed(
  execution: LaunchingExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  const { generation, attempt } = execution.launch;
  if (isHeld(facts)) return { kind: 'ignore', why: 'the claim may still come' };
  if (attempt < policy.maxLaunches) {
    return launchAs({ generation: generation + 1, attempt: attempt + 1 }, execution, session, facts, policy);
  }
  const message = `${attempt} launches in a row were made and none claimed its lease`;
  // An earlier launch may have run the command: then nobody can say that it did not run.
  const outcome: Outcome =
    execution.starts === 0
      ? { kind: 'launch-failed', code: 'launch/never-claimed', message }
      : { kind: 'lost', evidence: `${message}, after it was started ${execution.starts} times` };
  const { lease } = facts.stored;
  return { kind: 'give-up', execution, outcome, ...(lease && { writes: { lease: withdrawLease(lease) } }) };
}

/** The executor went silent: the command may have run, so it is started again only where the request allows it. */
function decideUnheld(
  execution: RunningExecution,
  session: SessionRecord,
  facts: WakeUpFacts,
  policy: WakeUpPolicy,
): WakeUpDecision {
  if (isHeld(facts)) return { kind: 'ignore', why: 'the lease is held' };
  if ((facts.stored.lease?.cancelReason ?? null) !== null) return { kind: 'ignore', why: 'it was cancelled' };
  if (execution.starts < execution.maxGenerations) {
    return launchAs({ generation: execution.launch.generation + 1, attempt: 1 }, execution, session, facts, policy);
  }
  return { kind: 'ignore', why: 'the request does not allow another start' };
}

/** Without its lease record a launch can never be claimed or renewed, so it counts as run out. */
const isHeld = ({ stored: { lease }, now }: WakeUpFacts): boolean => lease !== undefined && now < lease.expiresAt;

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
