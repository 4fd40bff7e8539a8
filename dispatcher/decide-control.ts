import { assertNever } from '../execution/assert-never.ts';
import type { SessionOperation } from '../execution/checkpoint-records.ts';
import { giveUpHold, holdsResult } from '../execution/held-result.ts';
import { owedEndOf } from '../execution/owed-end.ts';
import type {
  ExecutionRecord,
  Launch,
  QueuedExecution,
  RecordWrites,
  SessionRecord,
  StoredRecords,
} from '../execution/records.ts';
import { isHeld, passOver } from '../execution/session-sequence.ts';
import type { CancelAction, ControlAction, Outcome } from '../schemas/generated/messages.ts';

export interface ControlFacts {
  /** The session that the message names. */
  readonly sessionId: string;
  readonly action: Exclude<ControlAction, SessionOperation>;
  readonly stored: StoredRecords;
  readonly now: number;
}

export type ControlDecision =
  /** No executor will speak for the execution: its completion event is to be published. */
  | {
      readonly kind: 'end';
      readonly execution: ExecutionRecord;
      readonly launch: Launch | null;
      readonly outcome: Outcome;
      readonly endedAt: number;
      readonly writes?: RecordWrites;
    }
  /** Stored; the executor learns of it on its next heartbeat. */
  | { readonly kind: 'stored'; readonly writes: RecordWrites }
  /** What it acts on is not there yet. */
  | { readonly kind: 'try-again'; readonly why: string; readonly writes?: never }
  /** It names an execution that its session does not have. */
  | { readonly kind: 'refuse'; readonly why: string; readonly writes?: never }
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/** Decides what a control message does. Messages of two topics may overtake each other, so what is missing may still come. */
export function decideControl({ sessionId, action, stored, now }: ControlFacts): ControlDecision {
  switch (action.kind) {
    case 'cancel':
      return decideCancel(sessionId, action, stored, now);
    case 'close-session':
      return decideClose(stored.session, now);
    default:
      return assertNever(action);
  }
}

function decideCancel(
  sessionId: string,
  action: CancelAction,
  { execution, session, lease }: StoredRecords,
  now: number,
): ControlDecision {
  if (execution !== undefined && execution.sessionId !== sessionId) {
    return { kind: 'refuse', why: `${action.executionId} is not of the session ${sessionId}` };
  }
  if (execution === undefined) return { kind: 'try-again', why: 'not accepted yet' };
  const reason = action.reason ?? 'cancelled';
  const outcome = { kind: 'cancelled', by: 'request', reason } as const;
  switch (execution.state) {
    case 'queued':
      return cancelQueued(execution, session, outcome, now);
    case 'launching':
      // Marked, the lease can be claimed no more: the end that is announced stays the only one.
      return {
        ...{ kind: 'end', execution, launch: execution.launch, outcome, endedAt: now },
        ...(lease && { writes: { lease: { ...lease, cancelReason: reason } } }),
      };
    case 'running':
      if (lease === undefined) return { kind: 'ignore', why: 'the lease has ended' };
      return {
        kind: 'stored',
        writes: {
          lease: { ...lease, cancelReason: reason },
          // Whoever cancels what waits for its held result wants its end now: the sweeper publishes it.
          ...(holdsResult(execution, now) && { execution: giveUpHold(execution, now) }),
        },
      };
    case 'rejected':
    case 'finished':
      return { kind: 'ignore', why: `the execution is ${execution.state}` };
    default:
      return assertNever(execution);
  }
}

/** The end is stored with what keeps the execution from being launched. The first end that is owed stays the one. */
function cancelQueued(
  execution: QueuedExecution,
  session: SessionRecord | undefined,
  outcome: Extract<Outcome, { kind: 'cancelled' }>,
  now: number,
): ControlDecision {
  const owed = owedEndOf(execution);
  if (owed !== null) return { kind: 'end', execution, launch: null, outcome: owed.outcome, endedAt: owed.owedAt };
  const ending: QueuedExecution = { ...execution, owedEnd: { outcome, owedAt: now } };
  const left = session && leavePlace(session, execution.executionId, outcome.reason ?? 'cancelled');
  return {
    ...{ kind: 'end', execution: ending, launch: null, outcome, endedAt: now },
    writes: { execution: ending, ...(left && { session: left }) },
  };
}

/** The session without what waits in it; one whose turn has come keeps it until its end is collected. */
function leavePlace(session: SessionRecord, executionId: string, cancelReason: string): SessionRecord {
  if (session.waiting?.executionId === executionId) {
    return { ...session, waiting: { ...session.waiting, cancelReason } };
  }
  if (isHeld(session, executionId)) return passOver(session, executionId);
  return { ...session, queued: session.queued.filter((id) => id !== executionId) };
}

/** A closed session takes no new executions; those that were accepted still run. */
function decideClose(session: SessionRecord | undefined, now: number): ControlDecision {
  if (session === undefined) return { kind: 'try-again', why: 'the session is not known yet' };
  if (session.state !== 'open') return { kind: 'ignore', why: `the session is ${session.state}` };
  return { kind: 'stored', writes: { session: { ...session, state: 'closed', updatedAt: now } } };
}
