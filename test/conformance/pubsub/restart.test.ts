import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createLine,
  keyed,
  type Line,
  lineOf,
  snapshotPath,
  subscriptionPath,
  textsOf,
  topicPath,
} from './pubsub-fixture.ts';
import { startPushReceiver } from './push-receiver.ts';
import { createServerLives, type Life, type ServerLives } from './server-lives.ts';

let lives: ServerLives;
beforeEach(async () => {
  lives = await createServerLives();
});
afterEach(() => lives.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });
const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: 0 });
const topic = topicPath('line');
const subscription = subscriptionPath('line');
const snapshot = snapshotPath('line');

/** Lets a first life do something, and goes on with the line in a second. */
async function afterRestart(
  settings: Parameters<typeof createLine>[2],
  first: (line: Line, life: Life) => Promise<unknown>,
): Promise<Line & Life> {
  const life = await lives.next();
  await first(await createLine(life, 'line', settings), life);
  return nextLife();
}

async function nextLife(): Promise<Line & Life> {
  const life = await lives.next();
  return { ...life, ...lineOf(life, 'line') };
}

/** Everything that the administrative methods tell of one project. */
async function inventoryOf({ publisher, subscriber }: Life): Promise<unknown> {
  const project = 'projects/local-project';
  const [topics] = await publisher.listTopics({ project });
  const [subscriptions] = await subscriber.listSubscriptions({ project });
  const [snapshots] = await subscriber.listSnapshots({ project });
  const [attached] = await publisher.listTopicSubscriptions({ topic });
  return { topics, subscriptions, snapshots, attached };
}

const everySetting = {
  labels: { a: 'b' },
  ackDeadlineSeconds: 77,
  retainAckedMessages: true,
  messageRetentionDuration: seconds(1234),
  enableMessageOrdering: true,
  enableExactlyOnceDelivery: true,
  filter: 'attributes.k = "v"',
  expirationPolicy: { ttl: seconds(86_400) },
  deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 7 },
  retryPolicy: { minimumBackoff: { seconds: 1, nanos: 5e8 }, maximumBackoff: seconds(9) },
};
const pushConfig = {
  pushEndpoint: 'http://127.0.0.1:1/',
  oidcToken: { serviceAccountEmail: 'a@b.c', audience: 'd' },
  noWrapper: { writeMetadata: true },
};
const other = { name: subscriptionPath('other'), topic };

describe('after a restart, and after another, the server tells the same of', () => {
  it.each<[string, (life: Life) => Promise<unknown>]>([
    [
      'a subscription with every setting',
      ({ subscriber }) => subscriber.createSubscription({ ...other, ...everySetting }),
    ],
    ['a push subscription', ({ subscriber }) => subscriber.createSubscription({ ...other, pushConfig })],
    ['a detached subscription', ({ publisher }) => publisher.detachSubscription({ subscription })],
    ['a deleted subscription', ({ subscriber }) => subscriber.deleteSubscription({ subscription })],
    [
      'a changed subscription',
      ({ subscriber }) =>
        subscriber.updateSubscription({
          subscription: { name: subscription, ackDeadlineSeconds: 99 },
          updateMask: { paths: ['ack_deadline_seconds'] },
        }),
    ],
    [
      'a topic with settings',
      ({ publisher }) =>
        publisher.createTopic({
          name: topicPath('settings'),
          labels: { c: 'd' },
          kmsKeyName: 'k',
          messageRetentionDuration: seconds(600),
          messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'] },
        }),
    ],
    [
      'a changed topic',
      ({ publisher }) =>
        publisher.updateTopic({ topic: { name: topic, labels: { e: 'f' } }, updateMask: { paths: ['labels'] } }),
    ],
    [
      'a snapshot, with labels',
      ({ subscriber }) => subscriber.createSnapshot({ name: snapshot, subscription, labels: { g: 'h' } }),
    ],
    [
      'a topic that was deleted and created again, with the subscription of the first',
      async ({ publisher, subscriber }) => {
        await subscriber.createSnapshot({ name: snapshot, subscription });
        await publisher.deleteTopic({ topic });
        await publisher.createTopic({ name: topic });
      },
    ],
  ])('%s', async (_title, act) => {
    const first = await lives.next();
    await createLine(first, 'line');
    await act(first);
    const before = await inventoryOf(first);
    expect(await inventoryOf(await lives.next())).toEqual(before);
    expect(await inventoryOf(await lives.next())).toEqual(before);
  });
});

describe('after a restart', () => {
  it('what was delivered and not acknowledged is delivered again, what was acknowledged is not', async () => {
    const line = await afterRestart({}, async (before) => {
      await before.publish('acknowledged', 'leased', 'waiting');
      const [acknowledged] = await before.pull(2);
      await before.ack(acknowledged!);
    });
    expect(textsOf(await line.pull())).toEqual(['leased', 'waiting']);
    expect(textsOf(await (await nextLife()).pull())).toEqual(['leased', 'waiting']);
  });

  it('a message is what it was, to the byte', async () => {
    const message = {
      data: Buffer.from([0, 255, 10, 0]),
      attributes: { ключ: 'a\u0000"\n', __proto__x: '', empty: '' },
      orderingKey: 'k\u0000ey',
    };
    const before = await lives.next();
    const first = await createLine(before, 'line');
    await first.publish(message);
    const [seen] = await first.pull();
    const [again] = await (await nextLife()).pull();
    expect(again!.message).toEqual(seen!.message);
    expect(again!.message).toMatchObject(message);
  });

  it('ids go on rising, even when no time has passed and nothing is kept', async () => {
    const ids: string[] = [];
    const line = await afterRestart({}, async (before) => {
      ids.push(...(await before.publish('a', 'b')));
      await before.ack(...(await before.pull()));
    });
    ids.push(...(await line.publish('c')));
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => Number(a) - Number(b)));
  });

  it('delivery attempts are counted on, and the end of a process is none', async () => {
    const settings = { deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 5 } };
    const line = await afterRestart(settings, async (before) => {
      await before.publish('m');
      for (let attempt = 1; attempt <= 3; attempt++) await before.nack(...(await before.pull()));
      await before.pull();
    });
    expect((await line.pull()).map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([4]);
  });

  it('a back-off ends when it would have ended', async () => {
    const line = await afterRestart({ retryPolicy: { minimumBackoff: seconds(10) } }, async (before) => {
      await before.publish('m');
      await before.nack(...(await before.pull()));
      lives.clock.advance(4_000);
    });
    lives.clock.advance(5_999);
    expect(await line.pull()).toEqual([]);
    lives.clock.advance(1);
    expect(textsOf(await line.pull())).toEqual(['m']);
  });

  it('an ordering key goes on from its first unacknowledged message', async () => {
    const line = await afterRestart({ enableMessageOrdering: true }, async (before) => {
      await before.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
      await before.ack(...(await before.pull(1)));
      await before.pull();
    });
    const messages = await line.pull(1);
    expect(textsOf(messages)).toEqual(['b']);
    await line.ack(...messages);
    expect(textsOf(await line.pull())).toEqual(['c']);
  });

  it('an acknowledgement of a delivery from before still counts', async () => {
    const given: Awaited<ReturnType<Line['pull']>> = [];
    const line = await afterRestart({}, async (before) => {
      await before.publish('m');
      given.push(...(await before.pull()));
    });
    await line.ack(...given);
    expect(await line.pull()).toEqual([]);
  });

  it('with exactly-once delivery it does not count, even while the message is out again', async () => {
    const given: Awaited<ReturnType<Line['pull']>> = [];
    const line = await afterRestart({ enableExactlyOnceDelivery: true }, async (before) => {
      await before.publish('m');
      given.push(...(await before.pull()));
    });
    const [again] = await line.pull();
    await expect(line.ack(...given)).rejects.toMatchObject({ reason: 'EXACTLY_ONCE_ACKID_FAILURE' });
    await expect(line.ack(again!)).resolves.toBeUndefined();
  });

  it('an acknowledgement that a seek made void stays void', async () => {
    const given: Awaited<ReturnType<Line['pull']>> = [];
    const line = await afterRestart({ enableMessageOrdering: true }, async (before, { subscriber }) => {
      await before.publish(keyed('k', 'm'));
      given.push(...(await before.pull()));
      await subscriber.seek({ subscription, time: timestamp(lives.clock.now()) });
    });
    await line.ack(...given);
    expect(textsOf(await line.pull())).toEqual(['m']);
  });

  it('a seek brings back what the subscription retains', async () => {
    const line = await afterRestart({ retainAckedMessages: true }, async (before) => {
      await before.publish('m');
      await before.ack(...(await before.pull()));
    });
    expect(await line.pull()).toEqual([]);
    await line.subscriber.seek({ subscription, time: timestamp(lives.clock.now()) });
    expect(textsOf(await line.pull())).toEqual(['m']);
    expect(textsOf(await (await nextLife()).pull())).toEqual(['m']);
  });

  it('a seek brings back what the topic retains, and nothing that is too old', async () => {
    const life = await lives.next();
    const first = await createLine(life, 'line', {}, { messageRetentionDuration: seconds(600) });
    await first.publish('old');
    lives.clock.advance(600_000);
    await first.publish('young');
    await first.ack(...(await first.pull()));
    lives.clock.advance(1);
    const line = await nextLife();
    await line.subscriber.seek({ subscription, time: seconds(0) });
    expect(textsOf(await line.pull())).toEqual(['young']);
  });

  it('a snapshot holds what was unacknowledged then and what was published since', async () => {
    const line = await afterRestart({}, async (before, { subscriber }) => {
      await before.publish('done', 'open');
      const [done] = await before.pull();
      await before.ack(done!);
      await subscriber.createSnapshot({ name: snapshot, subscription });
      await before.publish('later');
      lives.clock.advance(10_000);
      await before.ack(...(await before.pull()));
    });
    expect(await line.pull()).toEqual([]);
    await line.publish('latest');
    await line.ack(...(await line.pull()));
    await line.subscriber.seek({ subscription, snapshot });
    expect(textsOf(await line.pull())).toEqual(['open', 'later', 'latest']);
  });

  it('a subscription of a deleted topic still has its backlog', async () => {
    const line = await afterRestart({}, async (before, { publisher }) => {
      await before.publish('m');
      await publisher.deleteTopic({ topic });
    });
    expect(textsOf(await line.pull())).toEqual(['m']);
  });

  it('what was retained for a time that passed meanwhile is gone', async () => {
    const line = await afterRestart({ messageRetentionDuration: seconds(600) }, async (before) => {
      await before.publish('old');
      await lives.end();
      lives.clock.advance(600_001);
    });
    expect(await line.pull()).toEqual([]);
  });

  it('a push subscription goes on pushing, and the push that was cut off is no failed attempt', async () => {
    const receiver = await startPushReceiver(['never']);
    const deadLetterPolicy = { deadLetterTopic: topic, maxDeliveryAttempts: 5 };
    await afterRestart({ deadLetterPolicy, pushConfig: { pushEndpoint: receiver.url } }, async (before) => {
      await before.publish('m');
      await receiver.received(1);
    });
    await receiver.received(2);
    const bodies = receiver.pushes.map(({ body }) => JSON.parse(body.toString()));
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[1]).toMatchObject({ deliveryAttempt: 1 });
    await receiver.close();
  });
});
