import type { Env } from '../configuration/env-reader.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { createPublisher } from '../gcp/publisher.ts';
import { createPubsubClient } from '../gcp/pubsub-client.ts';
import { topics } from '../infra/topology.ts';
import type { Log } from '../logging/logger.ts';
import { encodeMessage } from '../schemas/encode-message.ts';

/** Publishes a sweep now and then, as Cloud Scheduler does in production. Returns how to stop it. */
export function startSweepTimer(env: Env, everyMs: number, log: Log): () => Promise<void> {
  const publisher = createPublisher(createPubsubClient(readGoogleConfig(env)));
  let count = 0;
  const timer = setInterval(() => {
    const requestedAt = new Date().toISOString();
    const context = { id: String(count++), source: '/sandbus/scheduler', time: requestedAt };
    publisher
      .publish(topics.sweep, encodeMessage('sweep.v1', { requestedAt }, context))
      .catch((error: unknown) =>
        log('WARNING', 'sweep not published', { error: PipelineError.from(error, 'google/failed') }),
      );
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await publisher.close();
  };
}
