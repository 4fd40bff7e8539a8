import { Worker } from 'node:worker_threads';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { PublisherCall, PublisherReply, PublisherThreadData } from './publisher-messages.ts';
import type { ExecutorPublisher } from './publishing.ts';

/** Starts the thread of `publisher-thread.ts`, which loads Google's client; calls wait until it is ready. */
export function createThreadedPublisher(data: PublisherThreadData): ExecutorPublisher {
  const worker = new Worker(new URL('./publisher-thread.ts', import.meta.url), { workerData: data });
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let nextId = 0;
  let failure: PipelineError | null = null;
  const fail = (why: string, cause?: unknown) => {
    failure ??= new PipelineError('google/failed', `the publisher's thread ended: ${why}`, { cause });
    for (const one of waiting.values()) one.reject(failure);
    waiting.clear();
  };
  worker.on('error', (error: Error) => fail(error.message, error));
  worker.on('exit', (code) => fail(`exit code ${code}`));
  worker.on('message', (reply: PublisherReply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) one?.resolve(reply.messageId);
    else one?.reject(new PipelineError(reply.code, withoutCode(reply.message)));
  });

  const call = async (make: (id: number) => PublisherCall): Promise<string> => {
    if (failure !== null) throw failure;
    const id = nextId++;
    const answer = Promise.withResolvers<string>();
    waiting.set(id, answer);
    worker.postMessage(make(id));
    return await answer.promise;
  };
  return {
    publish: (topic, message) => call((id) => ({ kind: 'publish', id, topic, message })),
    async close() {
      await call((id) => ({ kind: 'close', id })).catch(() => {}); // whatever it still held is gone with the thread
      await worker.terminate();
    },
  };
}

/** The message of a PipelineError begins with its code, which the new one adds again. */
const withoutCode = (message: string) => message.replace(/^\[[^\]]*\] /, '');
