import { assertNever } from '../execution/assert-never.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { type ReplayRefusal, refusalOfReplay } from '../execution/refuse-replay.ts';
import { type ReplayMessageFacts, replayMessage } from '../execution/replay-message.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';
import { withRefusal, withReplay } from './replay-history.ts';

export interface ReplayFacts extends Pick<ReplayMessageFacts, 'data' | 'isAccepted' | 'digest'> {
  readonly request: ReplayRequest;
  readonly record: DeadLetterRecord | undefined;
  /** Why the bytes would be refused again where they are published as they are; null: nothing is known against them. */
  readonly problem: ReplayRefusal | null;
  readonly now: number;
}

export interface ReplayPolicy {
  /** How often one dead letter may be replayed, and how many replays in a row may lead to one. */
  readonly maxReplays: number;
  /** Topic whose messages are exec-requests. */
  readonly requestsTopic: string;
}

export type ReplayDecision =
  /** A request, edited and linked to what it repeats. */
  | { readonly kind: 'request'; readonly message: ExecRequest; readonly writes?: DeadLetterRecord }
  /** Any other message, as it was: only the stage that failed is repeated. */
  | {
      readonly kind: 'again';
      readonly topic: string;
      readonly attributes: Readonly<Record<string, string>>;
      /** Recorded by an earlier delivery, which may have published it. */
      readonly isRepeat: boolean;
      readonly writes?: DeadLetterRecord;
    }
  /** Was published before. */
  | { readonly kind: 'done'; readonly writes?: never }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly why: string; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'unknown'; readonly writes?: never };

/**
 * Decides what a replay publishes. One replay id acts once: it is recorded, published, and marked as published. Delivered
 * again before the mark, it publishes the same message again, which has the same execution id and so takes effect once.
 */
export function decideReplay(facts: ReplayFacts, policy: ReplayPolicy): ReplayDecision {
  const { request, record, problem } = facts;
  if (record === undefined) return { kind: 'unknown' };
  const earlier = record.replays.find(({ replayId }) => replayId === request.replayId);
  if (earlier !== undefined) return repeat(earlier, record, facts, policy);
  const refuse = (refusal: ReplayRefusal): ReplayDecision => ({
    ...{ kind: 'refuse', code: refusal.code, why: refusal.why },
    writes: withRefusal(record, facts, refusal),
  });
  const refusal = refusalOfReplay({ ...facts, record }, policy);
  if (refusal !== null) return refuse(refusal);
  const replay = replayMessage({ ...facts, ...policy, record });
  switch (replay.kind) {
    case 'request': {
      const { message } = replay;
      return { kind: 'request', message, writes: withReplay(record, facts, message.executionId) };
    }
    case 'again': {
      if (problem !== null) return refuse(problem);
      const { topic, executionId, attributes } = replay;
      return { kind: 'again', topic, attributes, isRepeat: false, writes: withReplay(record, facts, executionId) };
    }
    case 'invalid':
      return refuse(replay);
    default:
      return assertNever(replay);
  }
}

/** A replay that is recorded: nothing is written again. */
function repeat(
  { refused, refusedCode = 'replay/invalid-edit', executionId, publishedAt = null }: ReplayRecord,
  record: DeadLetterRecord,
  facts: ReplayFacts,
  policy: ReplayPolicy,
): ReplayDecision {
  if (refused !== null) return { kind: 'refuse', code: refusedCode, why: refused };
  if (publishedAt !== null) return { kind: 'done' };
  const replay = replayMessage({ ...facts, ...policy, record }, executionId);
  switch (replay.kind) {
    case 'request':
      return { kind: 'request', message: replay.message };
    case 'again':
      return { kind: 'again', topic: replay.topic, attributes: replay.attributes, isRepeat: true };
    case 'invalid':
      return { kind: 'refuse', code: replay.code, why: replay.why };
    default:
      return assertNever(replay);
  }
}
