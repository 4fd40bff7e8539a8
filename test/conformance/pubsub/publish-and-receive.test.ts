import type { Message } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

describe('a published message', () => {
  it('reaches a streaming subscriber with its data, attributes, id and publish time', async () => {
    const [topic] = await fixture.pubsub.createTopic('roundtrip');
    const [subscription] = await topic.createSubscription('roundtrip');
    const received = new Promise<Message>((resolve) => subscription.on('message', resolve));
    const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { colour: 'red' } });
    const message = await received;
    message.ack();
    await subscription.close();
    expect(message.data.toString()).toBe('hello');
    expect(message.attributes).toEqual({ colour: 'red' });
    expect(message.id).toBe(id);
    expect(message.publishTime.getTime()).toBe(fixture.clock.now());
  });

  it('reaches every subscription of its topic once', async () => {
    const line = await fixture.createLine();
    const second = `${line.subscription}-second`;
    await fixture.subscriber.createSubscription({ name: second, topic: line.topic });
    await line.publish('for all');
    const [response] = await fixture.subscriber.pull({
      subscription: second,
      maxMessages: 10,
      returnImmediately: true,
    });
    expect(textsOf(await line.pull())).toEqual(['for all']);
    expect(textsOf(response.receivedMessages ?? [])).toEqual(['for all']);
  });

  it('does not reach a subscription that is created after it', async () => {
    const line = await fixture.createLine();
    await line.publish('early');
    const late = `${line.subscription}-late`;
    await fixture.subscriber.createSubscription({ name: late, topic: line.topic });
    const [response] = await fixture.subscriber.pull({ subscription: late, maxMessages: 10, returnImmediately: true });
    expect(response.receivedMessages).toEqual([]);
  });

  it('has an id that is greater than those before it', async () => {
    const line = await fixture.createLine();
    const ids = [...(await line.publish('a', 'b')), ...(await line.publish('c'))].map(BigInt);
    expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)));
    expect(new Set(ids).size).toBe(3);
  });

  it('is dropped when the retention time of its subscription is over', async () => {
    const line = await fixture.createLine({ messageRetentionDuration: { seconds: 600 } });
    await line.publish('old');
    fixture.clock.advance(600_001);
    expect(await line.pull()).toEqual([]);
  });

  it('is still there at the end of the retention time', async () => {
    const line = await fixture.createLine({ messageRetentionDuration: { seconds: 600 } });
    await line.publish('old');
    fixture.clock.advance(600_000);
    expect(textsOf(await line.pull())).toEqual(['old']);
  });
});

describe('a message that its topic retains', () => {
  it('outlives the retention time of the subscription', async () => {
    const settings = { messageRetentionDuration: { seconds: 600 } };
    const line = await fixture.createLine(settings, { messageRetentionDuration: { seconds: 900 } });
    await line.publish('retained');
    fixture.clock.advance(900_000);
    expect(textsOf(await line.pull())).toEqual(['retained']);
  });
});

describe('many messages', () => {
  it('all arrive exactly once through the client with its defaults', async () => {
    const [topic] = await fixture.pubsub.createTopic('many');
    const [subscription] = await topic.createSubscription('many');
    const expected = Array.from({ length: 500 }, (_, index) => `message ${index}`);
    const received: string[] = [];
    const complete = new Promise<void>((resolve) => {
      subscription.on('message', (message: Message) => {
        received.push(message.data.toString());
        message.ack();
        if (received.length === expected.length) resolve();
      });
    });
    await Promise.all(expected.map((text) => topic.publishMessage({ data: Buffer.from(text) })));
    await complete;
    await subscription.close();
    expect(received.sort()).toEqual([...expected].sort());
  });
});

describe('a pull request', () => {
  it('waits for a message that is published later', async () => {
    const line = await fixture.createLine();
    const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
    await line.publish('later');
    const [response] = await pulling;
    expect(textsOf(response.receivedMessages ?? [])).toEqual(['later']);
  });

  it('is answered without messages when none came for 20 seconds', async () => {
    const line = await fixture.createLine();
    const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
    // Any answer of the same connection comes after the pull has arrived.
    await fixture.subscriber.getSubscription({ subscription: line.subscription });
    fixture.clock.advance(20_000);
    const [response] = await pulling;
    expect(response.receivedMessages).toEqual([]);
  });

  it('that the client gives up takes no messages', async () => {
    const line = await fixture.createLine();
    const request = { subscription: line.subscription, maxMessages: 10 };
    const givenUp = fixture.subscriber.pull(request, { timeout: 50, retry: null });
    await expect(givenUp).rejects.toMatchObject({ code: 4 });
    await line.publish('for another');
    expect(textsOf(await line.pull())).toEqual(['for another']);
  });

  it('waits no longer when the subscription is deleted', async () => {
    const line = await fixture.createLine();
    const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
    await fixture.subscriber.getSubscription({ subscription: line.subscription });
    await Promise.all([
      expect(pulling).rejects.toMatchObject({ code: 5 }),
      fixture.subscriber.deleteSubscription({ subscription: line.subscription }),
    ]);
  });

  it('returns no more than it asked for', async () => {
    const line = await fixture.createLine();
    await line.publish('a', 'b', 'c');
    expect(textsOf(await line.pull(2))).toEqual(['a', 'b']);
    expect(textsOf(await line.pull(2))).toEqual(['c']);
  });

  it('needs a positive number of messages', async () => {
    const line = await fixture.createLine();
    await expect(line.pull(0)).rejects.toMatchObject({ code: 3, message: expect.stringContaining('max_messages') });
  });

  it('of an unknown subscription is NOT_FOUND', async () => {
    const subscription = 'projects/local-project/subscriptions/nowhere';
    await expect(fixture.subscriber.pull({ subscription, maxMessages: 1 })).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining(subscription),
    });
  });
});
