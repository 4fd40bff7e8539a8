import type { CheckpointRecord } from '../execution/checkpoint-records.ts';
import { holdsResult } from '../execution/held-result.ts';
import { isOfLaunch, isSameEnd, launchOf } from '../execution/judge-result.ts';
import { baseOf, endWait } from '../execution/launch.ts';
import type {
  ExecutionRecord,
  FinishedExecution,
  IgnoredEvent,
  Launch,
  RecordWrites,
  SessionRecord,
  StoredRecords,
} from '../execution/records.ts';
import { expireAtRest } from '../execution/session-expiry.ts';
import { isStandIn } from '../execution/synthetic-event.ts';
import type { CompletionEvent } from '../schemas/generated/messages.ts';

export interface CompletionFacts {
  readonly event: CompletionEvent;
  readonly stored: StoredRecords;
  readonly now: number;
}

export interface CompletionPolicy {
  /** How long finished records are kept (their TTL). */
  readonly retentionMs: number;
}

export type CompletionDecision =
  /** The outcome is stored and to be announced, with the session's next execution where there is one. */
  | { readonly kind: 'announce'; readonly execution: FinishedExecution; readonly writes?: RecordWrites }
  /** Too late to count; kept with the execution so that it can be seen. */
  | { readonly kind: 'ignore'; readonly why: string; readonly writes: RecordWrites }
  | { readonly kind: 'unknown'; readonly writes?: never };

/** Late events that one execution remembers. */
const maxIgnoredEvents = 10;

/**
 * Decides what a completion event means. The first event of the current launch is the outcome; the same event again
 * is announced again, because the first announcement may be lost; everything else is too late. While the execution's own
 * result is held as a dead letter, no end counts that was published in the place of its executor.
 */
export function decideCompletion(facts: CompletionFacts, policy: CompletionPolicy): CompletionDecision {
  const { event, stored, now } = facts;
  const { execution, session } = stored;
  if (execution === undefined || execution.sessionId !== event.sessionId) return { kind: 'unknown' };
  if (execution.state === 'finished') {
    return isSameEnd(execution, event)
      ? { kind: 'announce', execution }
      : ignore(execution, event, now, 'it has ended');
  }
  const launch = launchOf(execution);
  if (!isOfLaunch(event, launch)) return ignore(execution, event, now, 'of another launch');
  if (execution.state === 'running' && holdsResult(execution, now) && isStandIn(event)) {
    return ignore(execution, event, now, 'its own result is held as a dead letter');
  }
  return complete(execution, session, launch, facts, policy);
}

function complete(
  execution: ExecutionRecord,
  session: SessionRecord | undefined,
  launch: Launch | null,
  { event, now }: CompletionFacts,
  { retentionMs }: CompletionPolicy,
): CompletionDecision {
  // A rejected request may name a session that was never made, and never had its turn in one.
  const hadTurn = session !== undefined && session.active === execution.executionId;
  const checkpoint = hadTurn ? (event.newState?.checkpoint ?? null) : null;
  const next = hadTurn ? (session.queued[0] ?? null) : null;
  const finished: FinishedExecution = {
    ...baseOf(execution),
    state: 'finished',
    launch,
    result: event,
    finishedAt: now,
    expireAt: now + retentionMs,
    next,
  };
  const advanced = hadTurn
    ? {
        ...endWait(session),
        active: next,
        queued: session.queued.slice(1),
        head: checkpoint ?? session.head,
        lastCheckpoint: checkpoint?.number ?? session.lastCheckpoint,
        updatedAt: now,
      }
    : session;
  const rested = advanced && expireAtRest(advanced, now + retentionMs);
  // One that had no turn may be the last of its session: the others ended while it was still held.
  const changed = hadTurn || (rested?.expireAt !== undefined && session?.expireAt === undefined) ? rested : undefined;
  const { executionId, sessionId } = execution;
  const record: CheckpointRecord | undefined = checkpoint
    ? { ...checkpoint, sessionId, executionId, createdAt: now, ...(event.newState && { cwd: event.newState.cwd }) }
    : undefined;
  return {
    kind: 'announce',
    execution: finished,
    writes: {
      execution: finished,
      ...(changed && { session: changed }),
      ...(record && { checkpoint: record }),
      outbox: { executionId, sessionId, storedAt: now, expireAt: finished.expireAt },
      ...(launch && { deletedLeaseId: launch.leaseId }),
    },
  };
}

function ignore(execution: ExecutionRecord, event: CompletionEvent, now: number, why: string): CompletionDecision {
  const ignored: IgnoredEvent = { why, outcome: event.outcome.kind, generation: event.generation, ignoredAt: now };
  const ignoredEvents = [...(execution.ignoredEvents ?? []), ignored].slice(-maxIgnoredEvents);
  return { kind: 'ignore', why, writes: { execution: { ...execution, ignoredEvents } } };
}
