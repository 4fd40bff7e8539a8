import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { subscribe } from '../../gcp/subscriber.ts';
import { runService } from '../../service/run-service.ts';

/** A service whose deliveries say how many milliseconds each takes; it logs when one begins and ends. */
await runService('draining', async (log) => {
  const pubsub = createPubsubClient(readGoogleConfig(process.env));
  const running = subscribe(pubsub, {
    subscription: process.env.DRAINED_SUBSCRIPTION ?? '',
    maxInFlight: 10,
    log,
    handle: async ({ data }) => {
      const took = Buffer.from(data).toString();
      log('INFO', `began ${took}`);
      const deadline = Number(took);
      await new Promise((resolve) => setTimeout(resolve, deadline));
      log('INFO', `finished ${took}`);
      return { kind: 'ack' };
    },
  });
  return {
    async close() {
      await running.close();
      await pubsub.close();
    },
  };
});
