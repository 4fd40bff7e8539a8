import { createHash } from 'node:crypto';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import { topics } from '../infra/topology.ts';
import type { ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import type { ClientPorts } from './client-ports.ts';
import { previewReplay, type ReplayPreview } from './preview-replay.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';
import { sendMessage } from './send-message.ts';

export interface ReplayOrder {
  readonly ids: readonly string[];
  /** Recorded with the dead letters. */
  readonly reason: string;
  /** Fields of the message to replace, by name; null removes one. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Only tell what would be published. */
  readonly dryRun?: boolean;
  /** How long to wait for the replays; a minute when absent. They go on after that. */
  readonly waitMs?: number;
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

/** A replay that is ready to be asked for. */
interface PlannedReplay {
  readonly record: DeadLetterRecord;
  readonly request: ReplayRequest;
}

/** Has dead letters published again, by the service that keeps them. See `DeadLetters.replay` for the contract. */
export async function replayDeadLetters(ports: ClientPorts, order: ReplayOrder): Promise<readonly Replayed[]> {
  const { ids, dryRun = false, waitMs = defaultWaitMs } = order;
  const planned = await Promise.all([...new Set(ids)].map((id) => planReplay(ports, id, order)));
  return await Promise.all(
    planned.map(async ({ record, request }) => {
      const { deadLetterId, source } = record;
      if (dryRun) {
        return { deadLetterId, topic: source.topic, ...(await preview(ports, record, request)) };
      }
      const { executionId, refused } = await replay(ports, request, waitMs);
      return { deadLetterId, topic: source.topic, executionId, refused };
    }),
  );
}

async function planReplay(
  ports: ClientPorts,
  deadLetterId: string,
  { reason, set }: ReplayOrder,
): Promise<PlannedReplay> {
  const record = isRecordId(deadLetterId) ? await ports.getDeadLetter(deadLetterId) : null;
  if (record === null) {
    throw new PipelineError('replay/unknown-dead-letter', `no such dead letter: ${JSON.stringify(deadLetterId)}`);
  }
  const request = {
    replayId: nextReplayId(record, reason, set),
    deadLetterId,
    reason,
    ...(set && { set: { ...set } }),
  };
  const checked = checkMessage('replay-request.v1', request);
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  return { record, request: checked.message };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * The same order has the same id until a replay is recorded, so that a dry run names the execution that the replay
 * then makes, and an order that is given twice before it is carried out takes effect once.
 */
const nextReplayId = ({ deadLetterId, replays }: DeadLetterRecord, reason: string, set: ReplayOrder['set']): string =>
  digest(JSON.stringify([deadLetterId, replays.length, reason, set ?? null])).slice(0, 32);

async function preview(ports: ClientPorts, record: DeadLetterRecord, request: ReplayRequest): Promise<ReplayPreview> {
  const data = await readDeadLetter(ports, record);
  const id = wantedExecutionId({ request, record, data });
  const isTaken = typeof id === 'string' && isRecordId(id) && (await ports.getExecution(id)) !== null;
  return previewReplay({ request, record, data, isAccepted: () => isTaken, digest, requestsTopic: topics.requests });
}

/** Asks for one replay and waits until the dead letter tells of it. */
async function replay(ports: ClientPorts, request: ReplayRequest, waitMs: number): Promise<ReplayRecord> {
  const { replayId, deadLetterId } = request;
  const { promise, resolve, reject } = Promise.withResolvers<ReplayRecord>();
  promise.catch(() => {}); // publishing may fail first
  const onRecord = (record: DeadLetterRecord | null) => {
    const entry = record?.replays.find((one) => one.replayId === replayId);
    if (entry !== undefined) resolve(entry);
  };
  const stop = ports.watchDeadLetter(deadLetterId, onRecord, reject);
  const timeout = () => reject(new PipelineError('client/timeout', `no replay of ${deadLetterId} in ${waitMs} ms`));
  const timer = setTimeout(timeout, waitMs);
  try {
    await sendMessage(ports, topics.replays, { name: 'replay-request.v1', message: request, id: replayId });
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
