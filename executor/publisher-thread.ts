import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { PublisherCall, PublisherReply, PublisherThreadData } from './publisher-messages.ts';

/*
 * A thread that holds Google's Pub/Sub client. Loading it takes the processor for a quarter of a second, or for many
 * seconds on a busy machine: meanwhile the executor must go on renewing its lease and reading what the command writes.
 */

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/sandbus-executor'));
const { google } = workerData as PublisherThreadData;
const [{ createPubsubClient }, { createPublisher }] = await Promise.all([
  import('../gcp/pubsub-client.ts'),
  import('../gcp/publisher.ts'),
]);
flushCompileCache(); // a thread that is terminated does not
const publisher = createPublisher(createPubsubClient(google));

parentPort?.on('message', (call: PublisherCall) => void answer(call));

async function answer(call: PublisherCall): Promise<void> {
  parentPort?.postMessage(await carryOut(call));
}

async function carryOut(call: PublisherCall): Promise<PublisherReply> {
  try {
    if (call.kind === 'publish')
      return { id: call.id, ok: true, messageId: await publisher.publish(call.topic, call.message) };
    await publisher.close();
    return { id: call.id, ok: true, messageId: '' };
  } catch (error) {
    // Errors lose their class on the way between threads.
    const { code, message } = PipelineError.from(error, 'google/failed');
    return { id: call.id, ok: false, code, message };
  }
}
