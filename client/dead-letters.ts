import { holdsResult } from '../execution/held-result.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { topics } from '../infra/topology.ts';
import type { ClientPorts } from './client-ports.ts';
import { type DeadLetterSelection, eachRecord, toFilter } from './dead-letter-selection.ts';
import { type Dismissed, type DismissOrder, dismissDeadLetters } from './dismiss-dead-letters.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';
import { type Replayed, type ReplayOrder, replayDeadLetters } from './replay-dead-letters.ts';
import { requireLimit } from './require-limit.ts';

/** A message that could not be processed, and what became of it. */
export interface DeadLetterSummary {
  readonly deadLetterId: string;
  /** Open until a replay of it was published, or it was dismissed. */
  readonly state: DeadLetterRecord['state'];
  /** A code of docs/errors.md. */
  readonly code: string;
  readonly reason: string;
  readonly source: DeadLetterRecord['source'];
  readonly executionId: string | null;
  readonly sessionId: string | null;
  readonly tenantId: string | null;
  /** Labels of the request, as `name=value`. */
  readonly labels: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly deliveryAttempts: number;
  readonly deadLetteredAt: Date;
  /** The checkpoint that the request would have started from; 0 is the empty workspace, null: not known. */
  readonly startCheckpoint: number | null;
  /** Oldest first. `publishedAt` is null while the replay is under way, and where it was refused. */
  readonly replays: readonly (Omit<ReplayRecord, 'replayedAt' | 'publishedAt'> & {
    readonly replayedAt: Date;
    readonly publishedAt: Date | null;
  })[];
  /** Why nothing is to be done about it, if somebody said so. */
  readonly dismissal: { readonly reason: string; readonly dismissedAt: Date } | null;
}

export interface DeadLetter extends DeadLetterSummary {
  /** The message as it was published. */
  readonly data: Uint8Array;
  /** The execution that waits for this result, and until when; null: none does. */
  readonly holds: { readonly executionId: string; readonly until: Date } | null;
}

/** The dead letters of the project. */
export interface DeadLetters {
  /** Newest first, without dismissed ones unless their state is asked for; 20 unless `limit` says otherwise. `after` continues a list: give it the last one. */
  list(
    query?: DeadLetterSelection & {
      readonly limit?: number;
      readonly after?: Pick<DeadLetterSummary, 'deadLetterId' | 'deadLetteredAt'>;
    },
  ): Promise<readonly DeadLetterSummary[]>;
  /** All of them, newest first, read as they are asked for. */
  each(selection?: DeadLetterSelection): AsyncIterable<DeadLetterSummary>;
  /** How many there are, without reading them. */
  count(selection?: DeadLetterSelection): Promise<number>;
  /** null when there is none of this id. */
  get(deadLetterId: string): Promise<DeadLetter | null>;
  /**
   * Has dead letters published again, those of a session one after the other with the oldest first, and resolves when each
   * was, or was refused. Stopped at any point and given again, the order goes on: what it published is not published twice.
   * Rejects with replay/unknown-dead-letter, and nothing is published, when one of the ids is unknown.
   */
  replay(order: ReplayOrder): Promise<readonly Replayed[]>;
  /**
   * Marks dead letters as ones that nothing is to be done about. Their bytes stay until their retention is over. An
   * execution that waits for a result among them ends as if the result had never come.
   */
  dismiss(order: DismissOrder): Promise<readonly Dismissed[]>;
}

const defaultLimit = 20;

export function createDeadLetters(ports: ClientPorts): DeadLetters {
  return {
    async list({ limit = defaultLimit, after, ...selection } = {}) {
      const query = {
        ...toFilter(selection),
        ...{ limit: requireLimit(limit), order: 'newest-first' as const },
        ...(after && {
          after: { deadLetterId: after.deadLetterId, deadLetteredAt: after.deadLetteredAt.toISOString() },
        }),
      };
      return (await ports.listDeadLetters(query)).map(summarize);
    },
    async *each(selection = {}) {
      for await (const record of eachRecord(ports, toFilter(selection), 'newest-first')) yield summarize(record);
    },
    count: async (selection = {}) => await ports.countDeadLetters(toFilter(selection)),
    async get(deadLetterId) {
      const record = isRecordId(deadLetterId) ? await ports.getDeadLetter(deadLetterId) : null;
      if (record === null) return null;
      const [data, holds] = await Promise.all([readDeadLetter(ports, record), findHeld(ports, record)]);
      return { ...summarize(record), data, holds };
    },
    replay: (order) => replayDeadLetters(ports, order),
    dismiss: (order) => dismissDeadLetters(ports, order),
  };
}

function summarize(record: DeadLetterRecord): DeadLetterSummary {
  const { deadLetterId, state, code, reason, source, attributes, deliveryAttempts, dismissal } = record;
  return {
    ...{ deadLetterId, state, code, reason, source, attributes, deliveryAttempts },
    executionId: record.executionId ?? null,
    sessionId: record.sessionId ?? null,
    tenantId: record.tenantId ?? null,
    labels: record.labels ?? [],
    deadLetteredAt: new Date(record.deadLetteredAt),
    startCheckpoint: record.startCheckpoint ?? null,
    replays: record.replays.map(({ replayedAt, publishedAt, ...replay }) => ({
      ...replay,
      replayedAt: new Date(replayedAt),
      publishedAt: typeof publishedAt === 'number' ? new Date(publishedAt) : null,
    })),
    dismissal: dismissal ? { reason: dismissal.reason, dismissedAt: new Date(dismissal.dismissedAt) } : null,
  };
}

async function findHeld(
  ports: ClientPorts,
  { deadLetterId, executionId, source }: DeadLetterRecord,
): Promise<DeadLetter['holds']> {
  if (source.topic !== topics.results || !executionId || !isRecordId(executionId)) return null;
  const execution = await ports.getExecution(executionId);
  if (execution?.state !== 'running' || !holdsResult(execution, ports.now())) return null;
  const { heldResult } = execution;
  return heldResult?.deadLetterId === deadLetterId ? { executionId, until: new Date(heldResult.endsAt) } : null;
}
