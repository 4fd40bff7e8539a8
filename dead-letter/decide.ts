import type { ErrorCode } from '../execution/error-codes.ts';
import { fieldsOf } from '../execution/identify-message.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';

export interface ReplayFacts {
  readonly request: ReplayRequest;
  readonly record: DeadLetterRecord | undefined;
  /** The original bytes of the message. */
  readonly data: Uint8Array;
  /** Whether an execution of this id was accepted. */
  readonly isAccepted: (executionId: string) => boolean;
  readonly now: number;
}

export interface ReplayPolicy {
  readonly maxReplays: number;
  /** Topic whose messages are exec-requests. */
  readonly requestsTopic: string;
}

export type ReplayDecision =
  /** A request, edited and linked to what it repeats. */
  | { readonly kind: 'request'; readonly message: ExecRequest; readonly writes?: DeadLetterRecord }
  /** Any other message, as it was: only the stage that failed is repeated. */
  | { readonly kind: 'again'; readonly topic: string; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly why: string; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'unknown'; readonly writes?: never };

/**
 * Decides what a replay publishes. One replay id acts once: delivered again it publishes the same message again,
 * which has the same execution id and so takes effect once.
 */
export function decideReplay(facts: ReplayFacts, policy: ReplayPolicy): ReplayDecision {
  const { request, record } = facts;
  if (record === undefined) return { kind: 'unknown' };
  const earlier = record.replays.find(({ replayId }) => replayId === request.replayId);
  if (earlier !== undefined) return repeat(earlier, record, facts, policy);
  const done = record.replays.filter(({ refused }) => refused === null).length;
  if (done >= policy.maxReplays) {
    return refuse(
      facts,
      record,
      'replay/too-many',
      `it was replayed ${done} times; at most ${policy.maxReplays} are allowed`,
    );
  }
  if (record.source.topic !== policy.requestsTopic) return again(record, facts);
  const executionId = replayedId(record, facts, done);
  const checked = checkMessage('exec-request.v1', edited(record, executionId, facts));
  if (!checked.ok) return refuse(facts, record, 'replay/invalid-edit', checked.problems.join('; '));
  const writes = withReplay(record, facts, checked.message.executionId, null);
  return { kind: 'request', message: checked.message, writes };
}

function again(record: DeadLetterRecord, facts: ReplayFacts): ReplayDecision {
  const { topic } = record.source;
  if (facts.request.set !== undefined) {
    return refuse(facts, record, 'replay/invalid-edit', `a message of ${topic} is replayed as it is`);
  }
  return { kind: 'again', topic, writes: withReplay(record, facts, record.executionId ?? null, null) };
}

function repeat(
  earlier: ReplayRecord,
  record: DeadLetterRecord,
  facts: ReplayFacts,
  policy: ReplayPolicy,
): ReplayDecision {
  if (earlier.refused !== null) return { kind: 'refuse', code: 'replay/invalid-edit', why: earlier.refused };
  if (record.source.topic !== policy.requestsTopic) return { kind: 'again', topic: record.source.topic };
  const checked = checkMessage('exec-request.v1', edited(record, earlier.executionId, facts));
  return checked.ok
    ? { kind: 'request', message: checked.message }
    : { kind: 'refuse', code: 'replay/invalid-edit', why: checked.problems.join('; ') };
}

/** A request that never was accepted keeps its id, so its publisher gets the answer it waits for; else a new one. */
function replayedId(record: DeadLetterRecord, { request, data, isAccepted }: ReplayFacts, done: number): unknown {
  const id = request.set?.executionId ?? fieldsOf(data).executionId ?? record.executionId ?? `${request.replayId}`;
  return typeof id === 'string' && isAccepted(id) ? `${id.slice(0, 100)}.r${done + 1}` : id;
}

/** The message with its edits: null removes a field. What is not a JSON object is built from the edits alone. */
function edited(record: DeadLetterRecord, executionId: unknown, { request, data }: ReplayFacts): unknown {
  const { deadLetterId, reason } = request;
  const merged = { ...fieldsOf(data), ...request.set, executionId };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(kept),
    replayOf: { executionId: record.executionId ?? null, deadLetterId, reason },
  };
}

function refuse(facts: ReplayFacts, record: DeadLetterRecord, code: ErrorCode, why: string): ReplayDecision {
  return { kind: 'refuse', code, why, writes: withReplay(record, facts, null, `[${code}] ${why}`) };
}

function withReplay(
  record: DeadLetterRecord,
  { request: { replayId, reason }, now }: ReplayFacts,
  executionId: string | null,
  refused: string | null,
): DeadLetterRecord {
  const replay: ReplayRecord = { replayId, executionId, reason, replayedAt: now, refused };
  return {
    ...record,
    state: refused === null ? 'replayed' : record.state,
    replays: [...record.replays, replay],
  };
}
