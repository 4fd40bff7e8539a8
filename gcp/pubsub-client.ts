import { PubSub } from '@google-cloud/pubsub';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createPubsubClient({ projectId, endpoints, credentialsFile }: GoogleConfig): PubSub {
  const { pubsub } = endpoints;
  if (pubsub) return new PubSub({ projectId, apiEndpoint: `${pubsub.host}:${pubsub.port}`, emulatorMode: true });
  return new PubSub({ projectId, ...(credentialsFile && { keyFilename: credentialsFile }) });
}
