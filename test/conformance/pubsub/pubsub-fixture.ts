import { setImmediate } from 'node:timers/promises';
import { PubSub, v1 } from '@google-cloud/pubsub';
import type { google } from '@google-cloud/pubsub/build/protos/protos.js';
import * as grpc from '@grpc/grpc-js';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';
import { type PubsubServerOptions, type RunningPubsubServer, startPubsubServer } from '../../../local/pubsub/server.ts';
import type { StartedServer } from '../../support/google-emulators.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';

type SubscriptionSettings = google.pubsub.v1.ISubscription;
type TopicSettings = google.pubsub.v1.ITopic;
export type ReceivedMessage = google.pubsub.v1.IReceivedMessage;
export type OutgoingMessage = google.pubsub.v1.IPubsubMessage;

export const projectId = 'local-project';
export const topicPath = (id: string) => `projects/${projectId}/topics/${id}`;
export const subscriptionPath = (id: string) => `projects/${projectId}/subscriptions/${id}`;
export const snapshotPath = (id: string) => `projects/${projectId}/snapshots/${id}`;

/** A topic with one subscription, driven by the generated clients: they send what the test says, without leases of their own. */
export interface Line {
  readonly topic: string;
  readonly subscription: string;
  publish(...messages: readonly (string | OutgoingMessage)[]): Promise<string[]>;
  /** What one pull gets that does not wait. Google's emulator may have nothing yet right after a publish. */
  pull(maxMessages?: number): Promise<ReceivedMessage[]>;
  /** The next so many messages, however many pulls it takes; rejects when they do not come. */
  receive(count: number): Promise<ReceivedMessage[]>;
  ack(...messages: readonly ReceivedMessage[]): Promise<void>;
  nack(...messages: readonly ReceivedMessage[]): Promise<void>;
}

/** A server with Google's clients connected to it. */
export interface ConnectedPubsub extends GeneratedClients {
  readonly pubsub: PubSub;
  createLine(subscription?: SubscriptionSettings, topic?: TopicSettings): Promise<Line>;
  /** Of the server too. */
  close(): Promise<void>;
}

export interface PubsubFixture extends ConnectedPubsub {
  readonly clock: ManualClock;
  readonly server: RunningPubsubServer;
}

/** A server whose time stands still until the test moves it, with Google's clients connected to it. */
export async function startPubsubFixture(options: Pick<PubsubServerOptions, 'push'> = {}): Promise<PubsubFixture> {
  const clock = createManualClock();
  const server = await startPubsubServer({ ...options, clock });
  return { ...connectPubsub(server), clock, server };
}

export function connectPubsub(server: StartedServer): ConnectedPubsub {
  const pubsub = new PubSub({ projectId, apiEndpoint: `${server.host}:${server.port}`, emulatorMode: true });
  const clients = createGeneratedClients(server);
  let lines = 0;
  return {
    ...clients,
    pubsub,
    createLine(subscription, topic) {
      lines += 1;
      return createLine(clients, `line-${lines}`, subscription, topic);
    },
    async close() {
      await Promise.all([pubsub.close(), clients.publisher.close(), clients.subscriber.close()]);
      await server.close();
      // Calls that closing cut off are reported two turns later, inside modules that jest is about to take away.
      for (let turn = 0; turn < 5; turn++) await setImmediate();
    },
  };
}

export interface GeneratedClients {
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
}

export function createGeneratedClients(address: { readonly host: string; readonly port: number }): GeneratedClients {
  const options = {
    projectId,
    servicePath: address.host,
    port: address.port,
    sslCreds: grpc.credentials.createInsecure(),
    // Credentials are looked for even when the channel is insecure, unless there are some.
    auth: new GoogleAuth({ authClient: new PassThroughClient() }),
  };
  return { publisher: new v1.PublisherClient(options), subscriber: new v1.SubscriberClient(options) };
}

export async function createLine(
  clients: GeneratedClients,
  id: string,
  subscriptionSettings: SubscriptionSettings = {},
  topicSettings: TopicSettings = {},
): Promise<Line> {
  const line = lineOf(clients, id);
  await clients.publisher.createTopic({ ...topicSettings, name: line.topic });
  await clients.subscriber.createSubscription({
    ...subscriptionSettings,
    name: line.subscription,
    topic: line.topic,
  });
  return line;
}

/** A line that is there already. */
export function lineOf({ publisher, subscriber }: GeneratedClients, id: string): Line {
  const topic = topicPath(id);
  const subscription = subscriptionPath(id);
  const pull = async (maxMessages: number) => {
    const [response] = await subscriber.pull({ subscription, maxMessages, returnImmediately: true });
    return response.receivedMessages ?? [];
  };
  const idsOf = (messages: readonly ReceivedMessage[]) => messages.map(({ ackId }) => ackId ?? '');
  return {
    topic,
    subscription,
    async publish(...messages) {
      const wire = messages.map((message) => (typeof message === 'string' ? { data: Buffer.from(message) } : message));
      const [response] = await publisher.publish({ topic, messages: wire });
      return response.messageIds ?? [];
    },
    pull: (maxMessages = 1000) => pull(maxMessages),
    async receive(count) {
      const received: ReceivedMessage[] = [];
      return until(`${count} messages from ${subscription}`, async () => {
        received.push(...(await pull(count - received.length)));
        return received.length < count ? null : received;
      });
    },
    async ack(...messages) {
      await subscriber.acknowledge({ subscription, ackIds: idsOf(messages) });
    },
    async nack(...messages) {
      await subscriber.modifyAckDeadline({ subscription, ackIds: idsOf(messages), ackDeadlineSeconds: 0 });
    },
  };
}

export function textsOf(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ message }) => Buffer.from((message?.data ?? '') as Uint8Array).toString());
}

export function keyed(orderingKey: string, text: string): OutgoingMessage {
  return { orderingKey, data: Buffer.from(text) };
}
