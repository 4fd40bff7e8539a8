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

describe('a pull request', () => {
  it('is answered without messages when none came for 20 seconds', async () => {
    const line = await fixture.createLine();
    const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
    // Any answer of the same connection comes after the pull has arrived.
    await fixture.subscriber.getSubscription({ subscription: line.subscription });
    fixture.clock.advance(20_000);
    const [response] = await pulling;
    expect(response.receivedMessages).toEqual([]);
  });
});
