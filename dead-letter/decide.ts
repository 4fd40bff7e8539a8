import { assertNever } from '../execution/assert-never.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { type ReplayMessageFacts, replayMessage } from '../execution/replay-message.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';

export interface ReplayFacts extends Pick<ReplayMessageFacts, 'data' | 'isAccepted' | 'digest'> {
  readonly request: ReplayRequest;
  readonly record: DeadLetterRecord | undefined;
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
  const replay = replayMessage({ ...facts, ...policy, record });
  switch (replay.kind) {
    case 'request': {
      const { message } = replay;
      return { kind: 'request', message, writes: withReplay(record, facts, { executionId: message.executionId }) };
    }
    case 'again': {
      const { topic, executionId } = replay;
      return { kind: 'again', topic, writes: withReplay(record, facts, { executionId }) };
    }
    case 'invalid':
      return refuse(facts, record, 'replay/invalid-edit', replay.why);
    default:
      return assertNever(replay);
  }
}

/** A replay that is recorded: nothing is written again. */
function repeat(
  { refused, refusedCode = 'replay/invalid-edit', executionId }: ReplayRecord,
  record: DeadLetterRecord,
  facts: ReplayFacts,
  policy: ReplayPolicy,
): ReplayDecision {
  if (refused !== null) return { kind: 'refuse', code: refusedCode, why: refused };
  const replay = replayMessage({ ...facts, ...policy, record }, executionId);
  switch (replay.kind) {
    case 'request':
      return { kind: 'request', message: replay.message };
    case 'again':
      return { kind: 'again', topic: replay.topic };
    case 'invalid':
      return { kind: 'refuse', code: 'replay/invalid-edit', why: replay.why };
    default:
      return assertNever(replay);
  }
}

function refuse(facts: ReplayFacts, record: DeadLetterRecord, code: ErrorCode, why: string): ReplayDecision {
  return { kind: 'refuse', code, why, writes: withReplay(record, facts, { executionId: null, code, why }) };
}

/** Names the execution, or says why there is none. */
type ReplayEnd =
  | { readonly executionId: string | null; readonly code?: never }
  | { readonly executionId: null; readonly code: ErrorCode; readonly why: string };

function withReplay(
  record: DeadLetterRecord,
  { request: { replayId, reason }, now }: ReplayFacts,
  end: ReplayEnd,
): DeadLetterRecord {
  const refusal = end.code === undefined ? null : { refused: `[${end.code}] ${end.why}`, refusedCode: end.code };
  const { executionId } = end;
  const replay: ReplayRecord = { replayId, executionId, reason, replayedAt: now, refused: null, ...refusal };
  return {
    ...record,
    state: refusal === null ? 'replayed' : record.state,
    replays: [...record.replays, replay],
  };
}
