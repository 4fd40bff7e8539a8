import type { CompletionEvent } from '../schemas/generated/messages.ts';
import type { ErrorCode } from './error-codes.ts';
import { fieldsOf } from './identify-message.ts';
import type { ExecutionRecord, FinishedExecution, Launch } from './records.ts';
import { isStandIn } from './synthetic-event.ts';

/** Which launch a completion event speaks for. */
export type ResultIdentity = Pick<CompletionEvent, 'executionId' | 'sessionId' | 'generation' | 'leaseId' | 'epoch'>;

/** A completion event as far as it can be told from bytes that no reader may understand otherwise. */
export interface CapturedResult extends ResultIdentity {
  /** Kind of its outcome; empty where it is not told. */
  readonly outcome: string;
  /** Published in the place of an executor: whoever published it publishes it again if it still holds. */
  readonly isStandIn: boolean;
}

/** Reads what signature and launch are checked by; null: the bytes name no launch. Total. */
export function readCapturedResult(data: Uint8Array): CapturedResult | null {
  const { executionId, sessionId, generation, leaseId = null, epoch, outcome, stages } = fieldsOf(data);
  if (typeof executionId !== 'string' || typeof sessionId !== 'string') return null;
  if (typeof generation !== 'number' || typeof epoch !== 'number') return null;
  if (leaseId !== null && typeof leaseId !== 'string') return null;
  const kind = isObject(outcome) ? outcome.kind : null;
  return {
    ...{ executionId, sessionId, generation, leaseId, epoch },
    outcome: typeof kind === 'string' ? kind.slice(0, 64) : '',
    isStandIn: isStandIn({ stages: isObject(stages) ? stages : {} }),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isOfLaunch = (event: ResultIdentity, launch: Launch | null): boolean =>
  event.generation === (launch?.generation ?? 0) &&
  event.leaseId === (launch?.leaseId ?? null) &&
  event.epoch === (launch?.epoch ?? 0);

/** The stored event again: of the same launch and with the same end. */
export const isSameEnd = ({ launch, result }: FinishedExecution, event: CompletionEvent): boolean =>
  isOfLaunch(event, launch) && event.outcome.kind === result.outcome.kind && event.finishedAt === result.finishedAt;

/** The launch that an execution is in; null before its first, and where it was turned down. */
export const launchOf = (execution: ExecutionRecord): Launch | null =>
  'launch' in execution ? execution.launch : null;

/** Why a result would change nothing were it collected now. */
export interface UselessResult {
  readonly code: Extract<ErrorCode, 'replay/already-ended' | 'replay/other-launch' | 'result/unknown-execution'>;
  readonly why: string;
}

/** Tells whether a genuine result would be the end of its execution; null when it would. */
export function judgeResult(
  execution: ExecutionRecord | null | undefined,
  event: ResultIdentity,
): UselessResult | null {
  const { executionId } = event;
  if (execution === undefined || execution === null || execution.sessionId !== event.sessionId) {
    return { code: 'result/unknown-execution', why: `${executionId} is not an execution of its session` };
  }
  if (execution.state === 'finished') {
    const { status, finishedAt } = execution.result;
    return { code: 'replay/already-ended', why: `${executionId} has ended at ${finishedAt}: ${status}` };
  }
  const launch = launchOf(execution);
  if (isOfLaunch(event, launch)) return null;
  const why = `it is of generation ${event.generation} of ${executionId}, which is at generation ${launch?.generation ?? 0}`;
  return { code: 'replay/other-launch', why };
}
