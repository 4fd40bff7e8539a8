import { PubSub } from '@google-cloud/pubsub';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createPubsubClient({ projectId, endpoints: { pubsub } }: GoogleConfig): PubSub {
  return new PubSub({
    projectId,
    ...(pubsub && { apiEndpoint: `${pubsub.host}:${pubsub.port}`, emulatorMode: true }),
  });
}
