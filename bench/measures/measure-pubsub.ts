import { randomUUID } from 'node:crypto';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { type Measured, quantile, rate, scaled } from './measured.ts';

const data = Buffer.alloc(200, 'x');
const batch = 100;

/** Publishing, publish to receive, and pull with ack; 200 bytes a message. */
export async function measurePubsub(projectId: string, address: string, scale: number): Promise<readonly Measured[]> {
  const [servicePath = '', port = ''] = address.split(':');
  const options = { projectId, servicePath, port: Number(port), sslCreds: credentials.createInsecure() };
  const [pubsub, publisher, subscriber] = [
    new PubSub(options),
    new v1.PublisherClient(options),
    new v1.SubscriberClient(options),
  ];
  try {
    const [topic] = await pubsub.createTopic(`bench-${randomUUID()}`);
    const [pulled] = await topic.createSubscription(`pulled-${randomUUID()}`);
    const messages = Array.from({ length: batch }, () => ({ data }));
    const one = [{ data }];
    const batches = scaled(200, scale, 2);
    const publish = (list: { data: Buffer }[]) => () => publisher.publish({ topic: topic.name, messages: list });
    await publish(one)();
    const single = await rate('publish, one a call, 64 parallel', scaled(5000, scale, 64), 64, publish(one));
    const batched = await rate('publish calls of 100 messages', batches, 8, publish(messages));
    const left = { count: batches * batch };
    const pull = async () => {
      while (left.count > 0) {
        // A pull that waits would be measured when the other one took the last message.
        const [{ receivedMessages }] = await subscriber.pull({
          subscription: pulled.name,
          maxMessages: 1000,
          returnImmediately: true,
        });
        const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
        left.count -= ackIds.length;
        if (ackIds.length > 0) await subscriber.acknowledge({ subscription: pulled.name, ackIds });
      }
    };
    const started = performance.now();
    await Promise.all([pull(), pull()]);
    const perSecond = (batches * batch * 1000) / (performance.now() - started);
    const times = await roundTrips(pubsub, scaled(300, scale, 10));
    return [
      single,
      batched,
      { what: 'pull and ack, messages', value: perSecond, unit: '/s' },
      { what: 'publish to receive, p50', value: quantile(times, 0.5), unit: 'ms' },
      { what: 'publish to receive, p99', value: quantile(times, 0.99), unit: 'ms' },
    ];
  } finally {
    await Promise.all([pubsub.close(), publisher.close(), subscriber.close()]);
  }
}

/** Milliseconds from publish to the streaming subscriber, one message at a time. */
async function roundTrips(pubsub: PubSub, count: number): Promise<readonly number[]> {
  const [topic] = await pubsub.createTopic(`trip-${randomUUID()}`);
  const [subscription] = await topic.createSubscription(`trip-${randomUUID()}`);
  const publisher = pubsub.topic(topic.name, { batching: { maxMessages: 1 } });
  let received = () => {};
  subscription.on('message', (message) => {
    message.ack();
    received();
  });
  const failed = new Promise<never>((_, reject) => {
    subscription.on('error', reject);
  });
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const arrival = new Promise<void>((resolve) => {
      received = resolve;
    });
    const started = performance.now();
    await publisher.publishMessage({ data });
    await Promise.race([arrival, failed]);
    times.push(performance.now() - started);
  }
  await subscription.close();
  // The first one waits for the stream.
  return times.slice(1);
}
