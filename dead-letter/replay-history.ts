import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { describeRefusal, type ReplayRefusal } from '../execution/refuse-replay.ts';
import type { ReplayRequest } from '../schemas/generated/messages.ts';

/** Refusals that one dead letter remembers: the newest ones. */
const maxRefusals = 20;

export interface HistoryFacts {
  readonly request: ReplayRequest;
  readonly now: number;
}

/** The record with a replay that is to be published. */
export const withReplay = (
  record: DeadLetterRecord,
  facts: HistoryFacts,
  executionId: string | null,
): DeadLetterRecord => withEntry(record, facts, { executionId, refused: null, publishedAt: null });

/** The record with a replay, or a dismissal, that was refused. */
export const withRefusal = (record: DeadLetterRecord, facts: HistoryFacts, refusal: ReplayRefusal): DeadLetterRecord =>
  withEntry(record, facts, { executionId: null, refused: describeRefusal(refusal), refusedCode: refusal.code });

type End = Pick<ReplayRecord, 'executionId' | 'refused' | 'refusedCode' | 'publishedAt'>;

function withEntry(
  record: DeadLetterRecord,
  { request: { replayId, reason, mode = 'current' }, now }: HistoryFacts,
  { executionId, ...end }: End,
): DeadLetterRecord {
  const replay: ReplayRecord = {
    ...{ replayId, executionId, reason, replayedAt: now },
    ...(mode !== 'current' && { mode }),
    ...end,
  };
  return { ...record, replays: withoutOldRefusals([...record.replays, replay]) };
}

function withoutOldRefusals(replays: readonly ReplayRecord[]): readonly ReplayRecord[] {
  const refusals = replays.filter(({ refused }) => refused !== null);
  const kept = new Set(refusals.slice(-maxRefusals));
  return replays.filter((replay) => replay.refused === null || kept.has(replay));
}

interface Marked {
  readonly writes?: DeadLetterRecord;
}

/** The record of a dead letter whose replay was published; the same when it was marked before. */
export const markPublished = (record: DeadLetterRecord | undefined, replayId: string, now: number): Marked =>
  markPending(record, replayId, { publishedAt: now }, 'replayed');

/** The record of a dead letter whose recorded replay was not published after all. */
export const markRefused = (record: DeadLetterRecord | undefined, replayId: string, refusal: ReplayRefusal): Marked =>
  markPending(record, replayId, { executionId: null, refused: describeRefusal(refusal), refusedCode: refusal.code });

function markPending(
  record: DeadLetterRecord | undefined,
  replayId: string,
  end: Partial<ReplayRecord>,
  state?: DeadLetterRecord['state'],
): Marked {
  const isPending = (replay: ReplayRecord) =>
    replay.replayId === replayId && replay.refused === null && (replay.publishedAt ?? null) === null;
  if (!record?.replays.some(isPending)) return {};
  const replays = record.replays.map((replay) => (isPending(replay) ? { ...replay, ...end } : replay));
  return { writes: { ...record, ...(state && { state }), replays } };
}
