import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

describe('a subscription with a filter', () => {
  it('gets only the messages whose attributes match', async () => {
    const line = await fixture.createLine({ filter: 'attributes.type = "created" AND NOT attributes:test' });
    await line.publish(
      { attributes: { type: 'created', n: '1' } },
      { attributes: { type: 'created', test: '' } },
      { attributes: { type: 'deleted' } },
      'no attributes',
    );
    const messages = await line.pull();
    expect(messages.map(({ message }) => message?.attributes)).toEqual([{ type: 'created', n: '1' }]);
  });

  it('tells its filter', async () => {
    const line = await fixture.createLine({ filter: 'attributes:a' });
    const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
    expect(subscription.filter).toBe('attributes:a');
  });

  it('is not created when the filter is not understood', async () => {
    await expect(fixture.createLine({ filter: 'attributes.a >= "1"' })).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining('filter'),
    });
  });

  it('does not let messages that do not match hold up an ordering key', async () => {
    const line = await fixture.createLine({ filter: 'attributes:wanted', enableMessageOrdering: true });
    const wanted = { attributes: { wanted: '1' }, orderingKey: 'k' };
    await line.publish({ attributes: { other: '1' }, orderingKey: 'k' }, wanted);
    expect(await line.pull()).toHaveLength(1);
  });
});
