import type { ErrorCode } from '../execution/error-codes.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { ReplayMode } from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';
import { carryOutReplay, type PlannedReplay, planReplay, previewPlanned } from './plan-replay.ts';
import { createRate } from './rate.ts';
import { createRefuseRepeats } from './refuse-repeats.ts';
import { runBySession } from './run-by-session.ts';
import { selectDeadLetters, type WhichDeadLetters } from './select-dead-letters.ts';

/** Which dead letters, and on which terms. */
export interface ReplayOrder extends WhichDeadLetters {
  /** Recorded with the dead letters. */
  readonly reason: string;
  /** Fields of the message to replace, by name; null removes one. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** From which checkpoint requests start; the head of their session ("current") when absent. */
  readonly mode?: ReplayMode;
  /** Dead letters that were dismissed are meant too, as they are where the filter names that state. */
  readonly includeDismissed?: boolean;
  /** Dead letters that were published again before are meant too; else they are refused, and nothing runs twice. */
  readonly again?: boolean;
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
  /** The code of the refusal; absent without one. */
  readonly refusedCode?: ErrorCode;
  /** In a dry run, the message with its edits; text when it is not JSON. */
  readonly message?: unknown;
}

const defaultWaitMs = 60_000;

/** Replays that are under way at a time: enough to keep the service busy, few enough to stop within a moment. */
const maxInFlight = 32;

/** Has dead letters published again, by the service that keeps them. See `DeadLetters.replay` for the contract. */
export async function replayDeadLetters(ports: ClientPorts, order: ReplayOrder): Promise<readonly Replayed[]> {
  const { again = false, dryRun = false, waitMs = defaultWaitMs, onProgress, signal } = order;
  const includeDismissed = order.includeDismissed === true || order.filter?.state === 'dismissed';
  const terms = { ...order, includeDismissed };
  const { records, total } = await selectDeadLetters(ports, order, 'replay');
  // Whatever is wrong with the order is told before anything is published.
  if (Array.isArray(records)) for (const record of records) planReplay(record, terms);
  const rate = order.perSecond === undefined ? null : createRate(order.perSecond);
  const replays: Replayed[] = [];
  let [done, refused] = [0, 0];
  const refuseRepeats = again ? async () => null : createRefuseRepeats(ports);
  const replayAsAsked = async (planned: PlannedReplay) =>
    dryRun ? await previewPlanned(ports, planned) : await carryOutReplay(ports, planned.request, waitMs);
  const replayOne = async (record: DeadLetterRecord, index: number) => {
    const planned = planReplay(record, terms);
    const { deadLetterId, source } = record;
    const end = (await refuseRepeats(planned)) ?? (await replayAsAsked(planned));
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
