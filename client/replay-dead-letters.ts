import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { ReplayMode } from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';
import { type DeadLetterSelection, eachRecord, isNarrow, toFilter } from './dead-letter-selection.ts';
import { carryOutReplay, planReplay, previewPlanned } from './plan-replay.ts';
import { createRate } from './rate.ts';
import { isRecordId } from './record-id.ts';
import { runBySession } from './run-by-session.ts';

/** Which dead letters, and on which terms. */
export interface ReplayOrder {
  /** These; together with neither of the next two. */
  readonly ids?: readonly string[];
  /** Those of a filter, which must narrow them; open ones unless it names another state. */
  readonly filter?: DeadLetterSelection;
  /** Every one; a filter may then name their state and nothing else. */
  readonly all?: boolean;
  /** Recorded with the dead letters. */
  readonly reason: string;
  /** Fields of the message to replace, by name; null removes one. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** From which checkpoint requests start; the head of their session ("current") when absent. */
  readonly mode?: ReplayMode;
  /** Only tell what would be published. */
  readonly dryRun?: boolean;
  /** How long to wait for one replay; a minute when absent. It goes on after that. */
  readonly waitMs?: number;
  /** Replays asked for in a second, at the most; the service has a limit of its own. */
  readonly perSecond?: number;
  /** Stops asking for more. Those asked for are waited for; then the order rejects with client/aborted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  readonly total: number;
  readonly done: number;
  readonly refused: number;
}

/** What became of one replay, or would. */
export interface Replayed {
  readonly deadLetterId: string;
  /** Where the message is published again. */
  readonly topic: string;
  /** The execution that the message asks for now; null when it was refused or is about none. */
  readonly executionId: string | null;
  /** Why it was not published; null when it was. */
  readonly refused: string | null;
  /** In a dry run, the message with its edits; text when it is not JSON. */
  readonly message?: unknown;
}

const defaultWaitMs = 60_000;

/** Replays that are under way at a time: enough to keep the service busy, few enough to stop within a moment. */
const maxInFlight = 32;

/** Has dead letters published again, by the service that keeps them. See `DeadLetters.replay` for the contract. */
export async function replayDeadLetters(ports: ClientPorts, order: ReplayOrder): Promise<readonly Replayed[]> {
  const { dryRun = false, waitMs = defaultWaitMs, onProgress, signal } = order;
  const { records, total } = await select(ports, order);
  const rate = order.perSecond === undefined ? null : createRate(order.perSecond);
  const replays: Replayed[] = [];
  let [done, refused] = [0, 0];
  const replayOne = async (record: DeadLetterRecord, index: number) => {
    const planned = planReplay(record, order);
    const { deadLetterId, source } = record;
    const end = dryRun ? await previewPlanned(ports, planned) : await carryOutReplay(ports, planned.request, waitMs);
    replays[index] = { deadLetterId, topic: source.topic, ...end };
    done += 1;
    if (end.refused !== null) refused += 1;
    onProgress?.({ total: Math.max(total, done), done, refused });
  };
  onProgress?.({ total, done, refused });
  await runBySession(records, replayOne, { maxInFlight, signal, before: rate });
  if (signal?.aborted) {
    throw new PipelineError(
      'client/aborted',
      `stopped after ${done} of ${total} dead letters; the same order goes on from there`,
    );
  }
  return replays;
}

interface Selected {
  readonly records: AsyncIterable<DeadLetterRecord> | Iterable<DeadLetterRecord>;
  readonly total: number;
}

async function select(ports: ClientPorts, order: ReplayOrder): Promise<Selected> {
  const { ids, filter = {}, all = false } = order;
  if (ids !== undefined) {
    if (all || order.filter !== undefined) throw misuse('a replay takes ids, or a filter or all, not both');
    const records = await Promise.all([...new Set(ids)].map((id) => requireRecord(ports, id)));
    // Whatever is wrong with the order is told before anything is published.
    for (const record of records) planReplay(record, order);
    return { records, total: records.length };
  }
  if (all && isNarrow(filter)) throw misuse('all and a filter contradict each other');
  if (!all && !isNarrow(filter)) throw misuse('the filter is empty: say all to replay every dead letter');
  // What is given up from now on, such as the replays themselves, is not part of the order.
  const now = new Date(ports.now());
  const until = filter.until === undefined || filter.until > now ? now : filter.until;
  const wanted = toFilter({ state: 'open', ...filter, until });
  return { records: eachRecord(ports, wanted, 'oldest-first'), total: await ports.countDeadLetters(wanted) };
}

const misuse = (what: string) => new PipelineError('message/invalid', what);

async function requireRecord(ports: ClientPorts, deadLetterId: string): Promise<DeadLetterRecord> {
  const record = isRecordId(deadLetterId) ? await ports.getDeadLetter(deadLetterId) : null;
  if (record !== null) return record;
  throw new PipelineError('replay/unknown-dead-letter', `no such dead letter: ${JSON.stringify(deadLetterId)}`);
}
