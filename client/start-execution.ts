import { topics } from '../infra/topology.ts';
import type { OutputPiece } from './assemble-output.ts';
import { cancelExecution } from './cancel-execution.ts';
import type { ClientPorts } from './client-ports.ts';
import type { CommandOptions } from './exec-options.ts';
import { buildResult, type ExecutionResult } from './execution-result.ts';
import { type LiveOutput, listenToOutput } from './live-output.ts';
import type { OpenWork } from './open-work.ts';
import { aborted, createPatience, type Patience } from './patience.ts';
import type { PlannedRequest } from './plan-request.ts';
import { finalOutputOf, readOutput } from './read-output.ts';
import { requireSameRequest } from './same-request.ts';
import { sendMessage } from './send-message.ts';
import { type WatchedEnd, watchEnd } from './watch-end.ts';

export interface StartContext {
  readonly ports: ClientPorts;
  readonly work: OpenWork;
}

export interface Behaviour extends Pick<CommandOptions, 'signal' | 'waitMs' | 'onState' | 'idempotencyKey'> {
  /** Given the output as it comes and what was missed of it at the end; null: not wanted while the command runs. */
  readonly onPiece: ((piece: OutputPiece) => void) | null;
}

/** What is open for one execution while it is waited for. */
interface Waiting {
  readonly watch: WatchedEnd;
  readonly live: LiveOutput | null;
}

/**
 * Publishes a planned request. Resolves once it is stored; rejects, with nothing published, when it could not be.
 * The execution then goes on whatever happens here; `result` tells how it ended, or why that is not known here.
 */
export async function startExecution(
  context: StartContext,
  planned: PlannedRequest,
  behaviour: Behaviour,
): Promise<{ readonly result: Promise<ExecutionResult> }> {
  const { ports, work } = context;
  const { executionId } = planned.request;
  const { signal, waitMs, onState, onPiece } = behaviour;
  work.closing.throwIfAborted();
  throwIfAborted(signal, executionId);

  // What a callback throws must not end in the client of Google that called it: it ends the waiting.
  const thrown = Promise.withResolvers<never>();
  thrown.promise.catch(() => {});
  const live = onPiece && listenToOutput(ports, executionId, { onPiece, onThrown: thrown.reject });
  const watch = watchEnd(ports.watchExecution, executionId, { onState, onThrown: thrown.reject });
  const waiting: Waiting = { live, watch };

  const published = publish(ports, planned, live, signal);
  work.settle(published);
  try {
    await published;
  } catch (error) {
    release(work, waiting);
    throw error;
  }

  const cancel = (reason: string) => cancelExecution(ports, planned.request, reason);
  const patience = createPatience({ executionId, signal, waitMs, cancel });
  thrown.promise.catch(patience.end);
  const result = waitForResult(context, planned, behaviour, waiting, patience);
  work.settle(result); // also for a caller who never asks
  return { result };
}

/** Once the pointers have something to point to and the output is listened to, asks for the execution. */
async function publish(
  ports: ClientPorts,
  { request, uploads }: PlannedRequest,
  live: LiveOutput | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { executionId, sessionId } = request;
  // A command whose end could not be seen is better not sent, so what watches it is opened before.
  const uploaded = uploads.map(({ object, content }) => ports.createObject(object, content));
  await Promise.all([ports.prepare(), live?.ready, ...uploaded]);
  throwIfAborted(signal, executionId);
  const message = { name: 'exec-request.v1', message: request, id: executionId, orderingKey: sessionId } as const;
  await sendMessage(ports, topics.requests, message);
}

async function waitForResult(
  { ports, work }: StartContext,
  { request }: PlannedRequest,
  { idempotencyKey }: Behaviour,
  waiting: Waiting,
  patience: Patience,
): Promise<ExecutionResult> {
  const { watch, live } = waiting;
  const onClosed = () => patience.end(aborted(`the client was closed; ${request.executionId} goes on`));
  const hasEnded = work.add(onClosed);
  if (work.closing.aborted) onClosed(); // while the request was published
  try {
    const first = await Promise.race([patience.ended, watch.accepted]);
    // A random id is nobody else's; a key that the caller chose may be.
    if (idempotencyKey !== undefined) await requireSameRequest(ports, request, first);
    const record = await Promise.race([patience.ended, watch.ended]);
    const output = await readOutput(record, ports.readObject);
    live?.finish(finalOutputOf(record, output));
    return buildResult(record, output, ports);
  } finally {
    hasEnded();
    patience.release();
    release(work, waiting);
  }
}

/** Closing live output takes a round trip, which the result need not wait for. */
function release(work: OpenWork, { watch, live }: Waiting): void {
  watch.stop();
  if (live !== null) work.settle(live.stop());
}

function throwIfAborted(signal: AbortSignal | undefined, executionId: string): void {
  if (signal?.aborted) throw aborted(`${executionId} was aborted before it was published`);
}
