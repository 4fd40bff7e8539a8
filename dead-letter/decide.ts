import { assertNever } from '../execution/assert-never.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { type ReplayMessageFacts, replayDepth, replayMessage } from '../execution/replay-message.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';

export interface ReplayFacts extends Pick<ReplayMessageFacts, 'data' | 'isAccepted' | 'digest'> {
  readonly request: ReplayRequest;
  readonly record: DeadLetterRecord | undefined;
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
  | { readonly kind: 'again'; readonly topic: string; readonly writes?: DeadLetterRecord }
  /** Was published before. */
  | { readonly kind: 'done'; readonly writes?: never }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly why: string; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'unknown'; readonly writes?: never };

/**
 * A replay that was recorded and not published for so long never will be: its request has become a dead letter itself,
 * after twenty deliveries within a quarter of an hour (infra/topology.ts).
 */
const pendingMs = 20 * 60_000;

/** Refusals that one dead letter remembers: the newest ones. */
const maxRefusals = 20;

/**
 * Decides what a replay publishes. One replay id acts once: it is recorded, published, and marked as published. Delivered
 * again before the mark, it publishes the same message again, which has the same execution id and so takes effect once.
 */
export function decideReplay(facts: ReplayFacts, policy: ReplayPolicy): ReplayDecision {
  const { request, record } = facts;
  if (record === undefined) return { kind: 'unknown' };
  const earlier = record.replays.find(({ replayId }) => replayId === request.replayId);
  if (earlier !== undefined) return repeat(earlier, record, facts, policy);
  const refusal = refusalOf(record, facts, policy);
  if (refusal !== null) return refuse(facts, record, refusal.code, refusal.why);
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
      return refuse(facts, record, replay.code, replay.why);
    default:
      return assertNever(replay);
  }
}

/** Why the dead letter may not be replayed, whatever the message; null when it may. */
function refusalOf(
  { replays }: DeadLetterRecord,
  { request: { expectedReplays }, data, now }: ReplayFacts,
  { maxReplays }: ReplayPolicy,
): { readonly code: ErrorCode; readonly why: string } | null {
  const allowed = replays.filter(({ refused }) => refused === null);
  const pending = allowed.find(({ publishedAt, replayedAt }) => publishedAt === null && now < replayedAt + pendingMs);
  if (pending !== undefined) return { code: 'replay/in-progress', why: `the replay ${pending.replayId} is under way` };
  const published = allowed.filter(({ publishedAt }) => publishedAt !== null).length;
  if (expectedReplays !== undefined && published !== expectedReplays) {
    const why = `it was replayed ${published} times by now, not ${expectedReplays} as when this replay was planned`;
    return { code: 'replay/in-progress', why };
  }
  const depth = replayDepth(data);
  if (allowed.length + depth < maxReplays) return null;
  const why =
    depth === 0
      ? `it was replayed ${allowed.length} times; at most ${maxReplays} are allowed`
      : `${depth} replays led to it and it was replayed ${allowed.length} times; at most ${maxReplays} are allowed`;
  return { code: 'replay/too-many', why };
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
      return { kind: 'again', topic: replay.topic };
    case 'invalid':
      return { kind: 'refuse', code: replay.code, why: replay.why };
    default:
      return assertNever(replay);
  }
}

/** The record of a dead letter whose replay was published; the same when it was marked before. */
export function markPublished(
  record: DeadLetterRecord | undefined,
  replayId: string,
  now: number,
): { readonly writes?: DeadLetterRecord } {
  const isPending = (replay: ReplayRecord) => replay.replayId === replayId && (replay.publishedAt ?? null) === null;
  if (!record?.replays.some(isPending)) return {};
  const replays = record.replays.map((replay) => (isPending(replay) ? { ...replay, publishedAt: now } : replay));
  return { writes: { ...record, state: 'replayed', replays } };
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
  { request: { replayId, reason, mode = 'current' }, now }: ReplayFacts,
  end: ReplayEnd,
): DeadLetterRecord {
  const outcome =
    end.code === undefined
      ? { refused: null, publishedAt: null }
      : { refused: `[${end.code}] ${end.why}`, refusedCode: end.code };
  const { executionId } = end;
  const replay: ReplayRecord = {
    ...{ replayId, executionId, reason, replayedAt: now },
    ...(mode !== 'current' && { mode }),
    ...outcome,
  };
  return { ...record, replays: withoutOldRefusals([...record.replays, replay]) };
}

function withoutOldRefusals(replays: readonly ReplayRecord[]): readonly ReplayRecord[] {
  const refusals = replays.filter(({ refused }) => refused !== null);
  const kept = new Set(refusals.slice(-maxRefusals));
  return replays.filter((replay) => replay.refused === null || kept.has(replay));
}
