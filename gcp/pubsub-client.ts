import { PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createPubsubClient({ projectId, endpoints: { pubsub } }: GoogleConfig): PubSub {
  return new PubSub({
    projectId,
    // Without an identity of its own the library would look for a metadata server, local or not.
    ...(pubsub && {
      apiEndpoint: `${pubsub.host}:${pubsub.port}`,
      emulatorMode: true,
      authClient: new PassThroughClient(),
    }),
  });
}
