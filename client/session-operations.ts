import { isDeepStrictEqual } from 'node:util';
import type { OperationRecord, SessionOperation } from '../execution/checkpoint-records.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { SessionRecord } from '../execution/records.ts';
import { isAtRest } from '../execution/session-expiry.ts';
import { topics } from '../infra/topology.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import type { ClientPorts } from './client-ports.ts';
import { aborted } from './patience.ts';
import { sendMessage } from './send-message.ts';
import type { StartContext } from './start-execution.ts';

export interface OperationOptions {
  /** Names the operation: asked again with the same key it takes effect once, and has the same result. Random when absent. */
  readonly idempotencyKey?: string;
  /** How long to wait for the result; a minute when absent. */
  readonly waitMs?: number;
  /** Ends the waiting; what was asked for may still happen. */
  readonly signal?: AbortSignal;
}

export interface RestingOptions extends OperationOptions {
  /** Waits until nothing of the session runs or waits, for as long as `waitMs` allows; refused with session/busy otherwise. */
  readonly wait?: boolean;
}

type Unnamed<T> = T extends unknown ? Omit<T, 'operationId'> : never;

const defaultWaitMs = 60_000;

/**
 * Has the dispatcher carry out a rewind, a fork or a deletion and resolves with what it decided. Rejects with the code that
 * it was refused with, or with client/timeout when nothing was heard in time.
 */
export async function carryOut(
  { ports, work }: StartContext,
  sessionId: string,
  action: Unnamed<SessionOperation>,
  options: RestingOptions = {},
): Promise<number | null> {
  work.closing.throwIfAborted();
  const { idempotencyKey = ports.newId(), wait = false, waitMs = defaultWaitMs, signal } = options;
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {}); // what is waited for may come first
  const timeout = () =>
    ended.reject(new PipelineError('client/timeout', `no ${action.kind} of ${sessionId} in ${waitMs} ms`));
  const timer = setTimeout(timeout, waitMs);
  const onAbort = () => ended.reject(aborted(`waiting for the ${action.kind} of ${sessionId} was aborted`));
  const hasEnded = work.add(() => ended.reject(aborted('the client was closed')));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    // The id of a refused attempt names its refusal for good, so that each attempt has one of its own, in order.
    for (let attempt = 1; ; attempt += 1) {
      if (wait) await untilAtRest(ports, sessionId, ended.promise);
      const operationId = attempt === 1 ? idempotencyKey : `${idempotencyKey}.${attempt}`;
      const { result } = await askOnce(ports, sessionId, { ...action, operationId } as SessionOperation, ended.promise);
      if (result.kind === 'done') return result.checkpoint;
      if (!wait || result.code !== 'session/busy') throw new PipelineError(result.code, result.message);
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    hasEnded();
  }
}

async function askOnce(
  ports: ClientPorts,
  sessionId: string,
  action: SessionOperation,
  ended: Promise<never>,
): Promise<OperationRecord> {
  const { operationId } = action;
  const checked = checkMessage('exec-control.v1', { sessionId, action });
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  const decided = Promise.withResolvers<OperationRecord>();
  decided.promise.catch(() => {}); // waiting may end first
  const onRecord = (record: OperationRecord | null) => {
    if (record !== null) decided.resolve(record);
  };
  const stop = ports.watchOperation(operationId, onRecord, decided.reject);
  try {
    await Promise.race([ended, ports.prepare()]);
    await sendMessage(ports, topics.control, {
      name: 'exec-control.v1',
      ...{ message: checked.message, id: operationId, orderingKey: sessionId },
    });
    const record = await Promise.race([ended, decided.promise]);
    const isSame = record.sessionId === sessionId && isDeepStrictEqual({ ...record.action }, { ...action });
    if (!isSame) throw new PipelineError('request/id-conflict', `${operationId} names another operation`);
    return record;
  } finally {
    stop();
  }
}

/** A session that is not there is at rest: that it is not there is said by whoever is asked next. */
async function untilAtRest(ports: ClientPorts, sessionId: string, ended: Promise<never>): Promise<void> {
  const rested = Promise.withResolvers<void>();
  rested.promise.catch(() => {});
  const onRecord = (session: SessionRecord | null) => {
    if (session === null || isAtRest(session)) rested.resolve();
  };
  const stop = ports.watchSession(sessionId, onRecord, rested.reject);
  try {
    await Promise.race([ended, rested.promise]);
  } finally {
    stop();
  }
}
