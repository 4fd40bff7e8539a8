import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import type { ClientPorts } from './client-ports.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';
import { type Replayed, type ReplayOrder, replayDeadLetters } from './replay-dead-letters.ts';
import { requireLimit } from './require-limit.ts';

/** A message that could not be processed, and what became of it. */
export interface DeadLetterSummary {
  readonly deadLetterId: string;
  readonly state: DeadLetterRecord['state'];
  /** A code of docs/errors.md. */
  readonly code: string;
  readonly reason: string;
  readonly source: DeadLetterRecord['source'];
  readonly executionId: string | null;
  readonly sessionId: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly deliveryAttempts: number;
  readonly deadLetteredAt: Date;
  /** Oldest first. */
  readonly replays: readonly (Omit<ReplayRecord, 'replayedAt'> & { readonly replayedAt: Date })[];
}

export interface DeadLetter extends DeadLetterSummary {
  /** The message as it was published. */
  readonly data: Uint8Array;
}

/** The dead letters of the project. */
export interface DeadLetters {
  /** Newest first; 20 unless `limit` says otherwise. */
  list(query?: {
    readonly state?: DeadLetterRecord['state'];
    readonly limit?: number;
  }): Promise<readonly DeadLetterSummary[]>;
  /** null when there is none of this id. */
  get(deadLetterId: string): Promise<DeadLetter | null>;
  /**
   * Has dead letters published again and resolves when each was, or was refused. Rejects with
   * replay/unknown-dead-letter, and nothing is published, when one of the ids is unknown.
   */
  replay(order: ReplayOrder): Promise<readonly Replayed[]>;
}

const defaultLimit = 20;

export function createDeadLetters(ports: ClientPorts): DeadLetters {
  return {
    async list({ state, limit = defaultLimit } = {}) {
      const query = { limit: requireLimit(limit), ...(state !== undefined && { state }) };
      return (await ports.listDeadLetters(query)).map(summarize);
    },
    async get(deadLetterId) {
      const record = isRecordId(deadLetterId) ? await ports.getDeadLetter(deadLetterId) : null;
      return record === null ? null : { ...summarize(record), data: await readDeadLetter(ports, record) };
    },
    replay: (order) => replayDeadLetters(ports, order),
  };
}

function summarize(record: DeadLetterRecord): DeadLetterSummary {
  const { deadLetterId, state, code, reason, source, attributes, deliveryAttempts } = record;
  return {
    deadLetterId,
    state,
    code,
    reason,
    source,
    executionId: record.executionId ?? null,
    sessionId: record.sessionId ?? null,
    attributes,
    deliveryAttempts,
    deadLetteredAt: new Date(record.deadLetteredAt),
    replays: record.replays.map((replay) => ({ ...replay, replayedAt: new Date(replay.replayedAt) })),
  };
}
