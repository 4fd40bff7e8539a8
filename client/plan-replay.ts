import { createHash } from 'node:crypto';
import { judgeResult } from '../execution/judge-result.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord, ReplayRecord } from '../execution/records.ts';
import { type ReplayRefusal, refusalOfBytes, refusalOfReplay } from '../execution/refuse-replay.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import { messageNames, topics } from '../infra/topology.ts';
import type { ReplayMode, ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage, parseMessage } from '../schemas/parse-message.ts';
import { askForVerdict } from './ask-for-verdict.ts';
import type { ClientPorts } from './client-ports.ts';
import { previewReplay, type ReplayPreview } from './preview-replay.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';

/** What a replay is asked for with, whichever dead letter it is of. */
export interface ReplayTerms {
  readonly reason: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly mode?: ReplayMode;
  readonly includeDismissed?: boolean;
}

/** A replay that is ready to be asked for. */
export interface PlannedReplay {
  readonly record: DeadLetterRecord;
  readonly request: ReplayRequest;
}

/** The replay of a dead letter as it stands now. Rejects with message/invalid when its terms are none of a replay. */
export function planReplay(record: DeadLetterRecord, terms: ReplayTerms): PlannedReplay {
  const { reason, set, mode, includeDismissed } = terms;
  const { deadLetterId, replays } = record;
  const request = {
    replayId: nextReplayId(record, { reason, ...(set && { set }), ...(mode && { mode }) }),
    deadLetterId,
    reason,
    ...(set && { set: { ...set } }),
    ...(mode && { mode }),
    ...(includeDismissed && { includeDismissed }),
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

/** What the replay would publish, or why it would be refused, as far as the records and the message tell it. */
export async function previewPlanned(ports: ClientPorts, planned: PlannedReplay): Promise<ReplayPreview> {
  const { record, request } = planned;
  const data = await readDeadLetter(ports, record);
  const id = wantedExecutionId({ request, record, data });
  const isTaken = typeof id === 'string' && isRecordId(id) && (await ports.getExecution(id)) !== null;
  const facts = { request, record, data, isAccepted: () => isTaken, digest, requestsTopic: topics.requests };
  return previewReplay(facts, await foreseeRefusal(ports, planned, data));
}

/** Only the service knows the keys, so whether a signature is good is what was found when the message was refused. */
async function foreseeRefusal(
  ports: ClientPorts,
  { record, request }: PlannedReplay,
  data: Uint8Array,
): Promise<ReplayRefusal | null> {
  const isUnderWay = record.replays.some(({ replayId }) => replayId === request.replayId);
  const { maxReplays = null } = record;
  const refusal = isUnderWay
    ? null
    : refusalOfReplay({ request, record, data, now: ports.now() }, { maxReplays, requestsTopic: topics.requests });
  const { topic } = record.source;
  if (refusal !== null || topic === topics.requests) return refusal;
  const name = Object.hasOwn(messageNames, topic) ? messageNames[topic as keyof typeof messageNames] : null;
  const problem = refusalOfBytes(name, data, record.attributes);
  if (problem !== null || topic !== topics.results) return problem;
  if (record.code === 'result/bad-signature') return { code: record.code, why: record.reason };
  const parsed = parseMessage('completion-event.v1', data, record.attributes);
  return parsed.ok ? judgeResult(await ports.getExecution(parsed.message.executionId), parsed.message) : null;
}

/** Asks for one replay and waits until the dead letter tells that it was published, or refused. */
export async function carryOutReplay(
  ports: ClientPorts,
  request: ReplayRequest,
  waitMs: number,
): Promise<Pick<ReplayRecord, 'executionId' | 'refused' | 'refusedCode'>> {
  const settledEntry = ({ replays }: DeadLetterRecord) =>
    replays.find((one) => one.replayId === request.replayId && isSettled(one)) ?? null;
  const { executionId, refused, refusedCode } = await askForVerdict(ports, request, settledEntry, waitMs);
  return { executionId, refused, ...(refusedCode && { refusedCode }) };
}
