import { randomUUID } from 'node:crypto';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Disposition } from '../../execution/delivery.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { subscribe } from '../../gcp/subscriber.ts';
import { startPubsubServer } from '../../local/pubsub/server.ts';
import { until } from '../support/until.ts';

let server: Awaited<ReturnType<typeof startPubsubServer>>;
let pubsub: PubSub;
const connect = () => createPubsubClient({ projectId: 'p', bucket: 'none', endpoints: { pubsub: server } });
beforeAll(async () => {
  server = await startPubsubServer();
  pubsub = connect();
});
afterAll(async () => {
  await pubsub.close();
  await server.close();
});

/** A topic and an ordered subscription with these messages, all of one key. */
async function aSubscription(...texts: readonly string[]) {
  const name = `s-${randomUUID()}`;
  const [topic] = await pubsub.createTopic(`t-${randomUUID()}`);
  await topic.createSubscription(name, { enableMessageOrdering: true, ackDeadlineSeconds: 600 });
  topic.setPublishOptions({ messageOrdering: true });
  for (const text of texts) await topic.publishMessage({ data: Buffer.from(text), orderingKey: 'k' });
  return name;
}

/** A subscriber in a process of its own, as far as Pub/Sub can tell, and what it was handed. */
function startSubscriber(subscription: string, handle: () => Promise<Disposition>, closeWithinMs = 8_000) {
  const handled: string[] = [];
  const client = connect();
  const running = subscribe(client, {
    ...{ subscription, closeWithinMs, maxInFlight: 10, log: () => {} },
    handle: (delivery: Delivery) => {
      handled.push(Buffer.from(delivery.data).toString());
      return handle();
    },
  });
  const first = () => until('the first delivery', () => handled[0] ?? null);
  const close = async () => {
    await running.close();
    await client.close();
  };
  return { handled, first, close };
}

const ack: Disposition = { kind: 'ack' };

describe('a subscriber that is closed', () => {
  it('finishes and acks what it handles, and leaves the next of the key to others', async () => {
    const name = await aSubscription('one', 'two');
    const finish = Promise.withResolvers<Disposition>();
    const closed = startSubscriber(name, () => finish.promise);
    await closed.first();
    const closing = closed.close();
    finish.resolve(ack);
    await closing;
    expect(closed.handled).toEqual(['one']);
    const other = startSubscriber(name, async () => ack);
    expect(await other.first()).toBe('two');
    await other.close();
  });

  it('waits for a handler that does not end as long as it is told, and leaves its delivery to others', async () => {
    const name = await aSubscription('one');
    const stuck = startSubscriber(name, () => new Promise(() => {}), 1_500);
    await stuck.first();
    await stuck.close();
    const other = startSubscriber(name, async () => ack);
    expect(await other.first()).toBe('one');
    await other.close();
  });
});
