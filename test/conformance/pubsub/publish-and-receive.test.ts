import type { Message } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

describe('a published message', () => {
  it('reaches a streaming subscriber with its data, attributes, id and publish time', async () => {
    const [topic] = await fixture.pubsub.createTopic('roundtrip');
    const [subscription] = await topic.createSubscription('roundtrip');
    const received = new Promise<Message>((resolve) => subscription.once('message', resolve));
    const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { colour: 'red' } });
    const message = await received;
    message.ack();
    await subscription.close();
    expect(message.data.toString()).toBe('hello');
    expect(message.attributes).toEqual({ colour: 'red' });
    expect(message.id).toBe(id);
    expect(message.publishTime.getTime()).toBe(fixture.clock.now());
  });
});
