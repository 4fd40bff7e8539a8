import { PubSub, v1 } from '@google-cloud/pubsub';
import * as grpc from '@grpc/grpc-js';
import type { RunningServer } from '../../../local/grpc-server.ts';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

export const projectId = 'local-project';

export interface PubsubFixture {
  readonly clock: ManualClock;
  readonly server: RunningServer;
  /** The high-level client. */
  readonly pubsub: PubSub;
  /** The generated clients: what they send is what the test says, without leases or batches of their own. */
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  topicPath(id: string): string;
  subscriptionPath(id: string): string;
  close(): Promise<void>;
}

/** A server whose time stands still until the test moves it, with Google's clients connected to it. */
export async function startPubsubFixture(): Promise<PubsubFixture> {
  const clock = createManualClock();
  const server = await startPubsubServer({ clock });
  const options = {
    servicePath: server.host,
    port: server.port,
    sslCreds: grpc.credentials.createInsecure(),
    projectId,
  };
  const pubsub = new PubSub({ projectId, apiEndpoint: `${server.host}:${server.port}`, emulatorMode: true });
  const publisher = new v1.PublisherClient(options);
  const subscriber = new v1.SubscriberClient(options);
  return {
    clock,
    server,
    pubsub,
    publisher,
    subscriber,
    topicPath: (id) => `projects/${projectId}/topics/${id}`,
    subscriptionPath: (id) => `projects/${projectId}/subscriptions/${id}`,
    async close() {
      await Promise.all([pubsub.close(), publisher.close(), subscriber.close()]);
      await server.close();
    },
  };
}
