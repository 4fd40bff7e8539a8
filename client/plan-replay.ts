import { createHash } from 'node:crypto';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import { topics } from '../infra/topology.ts';
import type { ReplayMode, ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import type { ClientPorts } from './client-ports.ts';
import { previewReplay, type ReplayPreview } from './preview-replay.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';
import { sendMessage } from './send-message.ts';

/** What a replay is asked for with, whichever dead letter it is of. */
export interface ReplayTerms {
  readonly reason: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly mode?: ReplayMode;
}

/** A replay that is ready to be asked for. */
export interface PlannedReplay {
  readonly record: DeadLetterRecord;
  readonly request: ReplayRequest;
}

/** The replay of a dead letter as it stands now. Rejects with message/invalid when its terms are none of a replay. */
export function planReplay(record: DeadLetterRecord, { reason, set, mode }: ReplayTerms): PlannedReplay {
  const { deadLetterId, replays } = record;
  const request = {
    replayId: nextReplayId(record, { reason, ...(set && { set }), ...(mode && { mode }) }),
    deadLetterId,
    reason,
    ...(set && { set: { ...set } }),
    ...(mode && { mode }),
    expectedReplays: replays.filter(({ refused, publishedAt }) => refused === null && publishedAt !== null).length,
  };
  const checked = checkMessage('replay-request.v1', request);
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  return { record, request: checked.message };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whether a replay has come to its end; one that is only recorded may not have been published yet. */
const isSettled = ({ refused, publishedAt }: ReplayRecord): boolean => refused !== null || publishedAt !== null;

/**
 * The same terms have the same id until a replay is settled. So a dry run names the execution that the replay then makes,
 * and an order that was interrupted and is given again asks for the very replays that are under way, and for no others.
 */
const nextReplayId = ({ deadLetterId, replays }: DeadLetterRecord, { reason, set, mode }: ReplayTerms): string => {
  const before = replays.findLast(isSettled)?.replayId ?? null;
  return digest(JSON.stringify([deadLetterId, before, reason, set ?? null, mode ?? 'current'])).slice(0, 32);
};

/** What the replay would publish. */
export async function previewPlanned(ports: ClientPorts, { record, request }: PlannedReplay): Promise<ReplayPreview> {
  const data = await readDeadLetter(ports, record);
  const id = wantedExecutionId({ request, record, data });
  const isTaken = typeof id === 'string' && isRecordId(id) && (await ports.getExecution(id)) !== null;
  return previewReplay({ request, record, data, isAccepted: () => isTaken, digest, requestsTopic: topics.requests });
}

/** Asks for one replay and waits until the dead letter tells that it was published, or refused. */
export async function carryOutReplay(
  ports: ClientPorts,
  request: ReplayRequest,
  waitMs: number,
): Promise<Pick<ReplayRecord, 'executionId' | 'refused'>> {
  const { replayId, deadLetterId } = request;
  const { promise, resolve, reject } = Promise.withResolvers<ReplayRecord>();
  promise.catch(() => {}); // publishing may fail first
  const onRecord = (record: DeadLetterRecord | null) => {
    const entry = record?.replays.find((one) => one.replayId === replayId);
    if (entry !== undefined && isSettled(entry)) resolve(entry);
  };
  const stop = ports.watchDeadLetter(deadLetterId, onRecord, reject);
  const timeout = () => reject(new PipelineError('client/timeout', `no replay of ${deadLetterId} in ${waitMs} ms`));
  const timer = setTimeout(timeout, waitMs);
  try {
    await sendMessage(ports, topics.replays, { name: 'replay-request.v1', message: request, id: replayId });
    const { executionId, refused } = await promise;
    return { executionId, refused };
  } finally {
    clearTimeout(timer);
    stop();
  }
}
