import type { ReplayRequest } from '../schemas/generated/messages.ts';
import { type MessageName, parseMessage } from '../schemas/parse-message.ts';
import type { ErrorCode } from './error-codes.ts';
import type { DeadLetterRecord, ReplayRecord } from './records.ts';
import { replayDepth } from './replay-message.ts';

/** Why a dead letter is not published again. */
export interface ReplayRefusal {
  readonly code: ErrorCode;
  readonly why: string;
}

/** A refusal as people and records have it. */
export const describeRefusal = ({ code, why }: ReplayRefusal): string => `[${code}] ${why}`;

/**
 * A replay that was recorded and not published for so long never will be: its request has become a dead letter itself,
 * after twenty deliveries within a quarter of an hour (infra/topology.ts).
 */
const pendingMs = 20 * 60_000;

/** The replay that is recorded and may not have been published yet. */
export const pendingReplay = ({ replays }: Pick<DeadLetterRecord, 'replays'>, now: number): ReplayRecord | null =>
  replays.find(
    ({ refused, publishedAt, replayedAt }) => refused === null && publishedAt === null && now < replayedAt + pendingMs,
  ) ?? null;

export interface ReplayRefusalFacts {
  readonly request: Pick<ReplayRequest, 'expectedReplays' | 'includeDismissed'>;
  readonly record: DeadLetterRecord;
  readonly data: Uint8Array;
  readonly now: number;
}

/** Why the dead letter may not be replayed, whatever its message says; null when it may. `maxReplays` null: not known. */
export function refusalOfReplay(
  { request, record, data, now }: ReplayRefusalFacts,
  { maxReplays, requestsTopic }: { readonly maxReplays: number | null; readonly requestsTopic: string },
): ReplayRefusal | null {
  const { state, dismissal, replays } = record;
  if (state === 'dismissed' && request.includeDismissed !== true) {
    return { code: 'replay/dismissed', why: `it was dismissed: ${dismissal?.reason ?? 'no reason is known'}` };
  }
  const pending = pendingReplay(record, now);
  if (pending !== null) return { code: 'replay/in-progress', why: `the replay ${pending.replayId} is under way` };
  const allowed = replays.filter(({ refused }) => refused === null);
  const published = allowed.filter(({ publishedAt }) => publishedAt !== null).length;
  const { expectedReplays } = request;
  if (expectedReplays !== undefined && published !== expectedReplays) {
    const why = `it was replayed ${published} times by now, not ${expectedReplays} as when this replay was planned`;
    return { code: 'replay/in-progress', why };
  }
  const depth = replayDepth(record, data, requestsTopic);
  if (maxReplays === null || allowed.length + depth < maxReplays) return null;
  const why =
    depth === 0
      ? `it was replayed ${allowed.length} times; at most ${maxReplays} are allowed`
      : `${depth} replays led to it and it was replayed ${allowed.length} times; at most ${maxReplays} are allowed`;
  return { code: 'replay/too-many', why };
}

/** Why a message that is replayed as it is would be refused by its reader again; null where nothing is known against it. */
export function refusalOfBytes(
  name: MessageName | null,
  data: Uint8Array,
  attributes: Readonly<Record<string, string>>,
): ReplayRefusal | null {
  const parsed = name === null ? null : parseMessage(name, data, attributes);
  return parsed === null || parsed.ok ? null : { code: parsed.code, why: parsed.problems.join('; ') };
}
