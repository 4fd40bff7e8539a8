import { createHash } from 'node:crypto';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { describeRefusal, pendingReplay } from '../execution/refuse-replay.ts';
import type { ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import { askForVerdict } from './ask-for-verdict.ts';
import type { ClientPorts } from './client-ports.ts';
import { runBySession } from './run-by-session.ts';
import { selectDeadLetters, type WhichDeadLetters } from './select-dead-letters.ts';

/** Which dead letters nothing is to be done about, and why. */
export interface DismissOrder extends WhichDeadLetters {
  /** Recorded with the dead letters. */
  readonly reason: string;
  /** Only tell which would be dismissed. */
  readonly dryRun?: boolean;
  /** How long to wait for one dismissal; a minute when absent. */
  readonly waitMs?: number;
  /** Stops asking for more. Those asked for are waited for; then the order rejects with client/aborted. */
  readonly signal?: AbortSignal;
}

/** What became of one dismissal, or would. */
export interface Dismissed {
  readonly deadLetterId: string;
  /** A code of docs/errors.md, and the reason. */
  readonly code: string;
  readonly reason: string;
  /** Why it was not dismissed; null when it was. */
  readonly refused: string | null;
}

const defaultWaitMs = 60_000;
const maxInFlight = 32;

/** Has dead letters marked as dismissed, by the service that keeps them. Given again, it changes nothing more. */
export async function dismissDeadLetters(ports: ClientPorts, order: DismissOrder): Promise<readonly Dismissed[]> {
  const { dryRun = false, waitMs = defaultWaitMs, reason, signal } = order;
  const { records } = await selectDeadLetters(ports, order, 'dismiss');
  const ends: Dismissed[] = [];
  let done = 0;
  const dismissOne = async (record: DeadLetterRecord, index: number) => {
    const request = planDismissal(record, reason);
    const { deadLetterId, code } = record;
    const refused = dryRun
      ? refusalOf(record, ports.now())
      : await askForVerdict(ports, request, (found) => verdictOn(found, request.replayId), waitMs);
    ends[index] = { deadLetterId, code, reason: record.reason, refused: refused === '' ? null : refused };
    done += 1;
  };
  await runBySession(records, dismissOne, { maxInFlight, signal, before: null });
  if (signal?.aborted) {
    throw new PipelineError('client/aborted', `stopped after ${done} dead letters; the same order goes on from there`);
  }
  return ends;
}

/** Rejects with message/invalid when the reason is none. */
function planDismissal({ deadLetterId, replays }: DeadLetterRecord, reason: string): ReplayRequest {
  const last = replays.at(-1)?.replayId ?? null;
  const replayId = digest(JSON.stringify([deadLetterId, 'dismiss', last, reason])).slice(0, 32);
  const checked = checkMessage('replay-request.v1', { replayId, deadLetterId, reason, verb: 'dismiss' });
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  return checked.message;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Empty when it is dismissed, by whomever; null as long as nothing is known. */
function verdictOn({ state, replays }: DeadLetterRecord, requestId: string): string | null {
  if (state === 'dismissed') return '';
  return replays.find(({ replayId }) => replayId === requestId)?.refused ?? null;
}

function refusalOf(record: DeadLetterRecord, now: number): string | null {
  const pending = record.state === 'dismissed' ? null : pendingReplay(record, now);
  if (pending === null) return null;
  return describeRefusal({ code: 'replay/in-progress', why: `the replay ${pending.replayId} is under way` });
}
