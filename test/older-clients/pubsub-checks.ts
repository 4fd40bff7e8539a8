import { once } from 'node:events';
import type { Message, PubSub, Subscription, SubscriptionOptions, Topic } from '@google-cloud/pubsub';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';

/** What a program written for any major of the Pub/Sub client relies on. `connect` makes a client of that major. */
export function declarePubsubChecks(connect: () => PubSub): void {
  let pubsub: PubSub;
  let made = 0;
  const opened: Subscription[] = [];
  beforeAll(() => {
    pubsub = connect();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((subscription) => subscription.close()));
  });
  afterAll(() => pubsub.close());

  async function newTopic(): Promise<Topic> {
    made += 1;
    const [topic] = await pubsub.createTopic(`topic-${made}-${Date.now()}`);
    return topic;
  }

  async function newSubscription(topic: Topic, settings: object = {}, options: SubscriptionOptions = {}) {
    made += 1;
    const [{ name }] = await topic.createSubscription(`subscription-${made}-${Date.now()}`, settings);
    return pubsub.subscription(name, options);
  }

  /** Messages in the order of their delivery, by streaming pull. */
  function receive(subscription: Subscription) {
    const arrived: Message[] = [];
    const waiting: ((message: Message) => void)[] = [];
    opened.push(subscription);
    subscription.on('message', (message) => {
      const first = waiting.shift();
      if (first === undefined) arrived.push(message);
      else first(message);
    });
    return {
      next: () =>
        new Promise<Message>((resolve) => {
          const message = arrived.shift();
          if (message === undefined) waiting.push(resolve);
          else resolve(message);
        }),
    };
  }

  const publish = (topic: Topic, text: string) => topic.publishMessage({ data: Buffer.from(text) });

  it('creates a topic once, finds it, lists it', async () => {
    const topic = await newTopic();
    await expect(pubsub.createTopic(topic.name)).rejects.toMatchObject({ code: 6 });
    const [exists] = await topic.exists();
    const [topics] = await pubsub.getTopics();
    expect([exists, topics.map(({ name }) => name)]).toEqual([true, expect.arrayContaining([topic.name])]);
  });

  it('receives what was published, with attributes and ordering key, in the order of the key', async () => {
    const topic = await newTopic();
    const subscription = await newSubscription(topic, { enableMessageOrdering: true });
    const ordered = pubsub.topic(topic.name, { messageOrdering: true });
    const texts = Array.from({ length: 10 }, (_, n) => `message ${n}`);
    const ids = await Promise.all(
      texts.map((text) =>
        ordered.publishMessage({ data: Buffer.from(text), attributes: { length: `${text.length}` }, orderingKey: 'k' }),
      ),
    );
    const messages = receive(subscription);
    const received: object[] = [];
    for (const _ of texts) {
      const message = await messages.next();
      const { id, attributes, orderingKey } = message;
      received.push({ id, text: message.data.toString(), attributes, orderingKey });
      message.ack();
    }
    expect(received).toEqual(
      texts.map((text, n) => ({ id: ids[n], text, attributes: { length: `${text.length}` }, orderingKey: 'k' })),
    );
  });

  it('receives a nacked message again', async () => {
    const topic = await newTopic();
    const messages = receive(await newSubscription(topic));
    const id = await publish(topic, 'again');
    const first = await messages.next();
    first.nack();
    const second = await messages.next();
    second.ack();
    expect([first.id, second.id, second.data.toString()]).toEqual([id, id, 'again']);
  });

  it('is told that an acknowledgement under exactly-once delivery has arrived', async () => {
    const topic = await newTopic();
    const messages = receive(await newSubscription(topic, { enableExactlyOnceDelivery: true }));
    await publish(topic, 'once');
    const message = await messages.next();
    await expect(message.ackWithResponse()).resolves.toBe('SUCCESS');
  });

  it('has a message that was nacked five times forwarded to the dead-letter topic', async () => {
    const deadLetters = await newTopic();
    const dead = receive(await newSubscription(deadLetters));
    const topic = await newTopic();
    const messages = receive(
      await newSubscription(topic, {
        deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 5 },
      }),
    );
    await publish(topic, 'poison');
    const attempts: number[] = [];
    for (let delivery = 0; delivery < 5; delivery += 1) {
      const message = await messages.next();
      attempts.push(message.deliveryAttempt);
      message.nack();
    }
    const letter = await dead.next();
    letter.ack();
    expect([attempts, letter.data.toString(), letter.attributes]).toEqual([
      [1, 2, 3, 4, 5],
      'poison',
      expect.objectContaining({ CloudPubSubDeadLetterSourceDeliveryCount: '5' }),
    ]);
  });

  it('seeks back in time and receives acknowledged messages again', async () => {
    const topic = await newTopic();
    const subscription = await newSubscription(topic, { retainAckedMessages: true, enableExactlyOnceDelivery: true });
    const started = new Date(Date.now() - 1000);
    const messages = receive(subscription);
    const id = await publish(topic, 'kept');
    await (await messages.next()).ackWithResponse();
    await subscription.seek(started);
    const again = await messages.next();
    again.ack();
    expect(again.id).toBe(id);
  });

  it('receives only what its filter lets through', async () => {
    const topic = await newTopic();
    const messages = receive(await newSubscription(topic, { filter: 'attributes.wanted = "yes"' }));
    await topic.publishMessage({ data: Buffer.from('no'), attributes: { wanted: 'no' } });
    await topic.publishMessage({ data: Buffer.from('yes'), attributes: { wanted: 'yes' } });
    const message = await messages.next();
    message.ack();
    expect(message.data.toString()).toBe('yes');
  });

  it('is refused with NOT_FOUND when it publishes to a topic that is not there', async () => {
    await expect(publish(pubsub.topic('no-such-topic'), 'lost')).rejects.toMatchObject({ code: 5 });
  });

  it('is refused with NOT_FOUND when it subscribes to what is not there', async () => {
    const subscription = pubsub.subscription('no-such-subscription');
    opened.push(subscription);
    const failed = once(subscription, 'error');
    subscription.on('message', () => {});
    await expect(failed).resolves.toMatchObject([{ code: 5 }]);
  });
}
