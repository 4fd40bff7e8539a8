import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });

describe('an update of a subscription', () => {
  it('applies a shorter retention to what is there already', async () => {
    const line = await fixture.createLine();
    await line.publish('old');
    fixture.clock.advance(700_000);
    await fixture.subscriber.updateSubscription({
      subscription: { name: line.subscription, messageRetentionDuration: seconds(600) },
      updateMask: { paths: ['message_retention_duration'] },
    });
    expect(await line.pull()).toEqual([]);
  });
});
