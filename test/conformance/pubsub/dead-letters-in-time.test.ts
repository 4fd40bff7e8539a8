import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, type PubsubFixture, projectId, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
let graveyard: Line;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

async function createLineWithPolicy(settings: object = {}): Promise<Line> {
  graveyard = await fixture.createLine();
  return fixture.createLine({
    deadLetterPolicy: { deadLetterTopic: graveyard.topic, maxDeliveryAttempts: 5 },
    ...settings,
  });
}

async function failTimes(line: Line, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await line.nack(...(await line.pull()));
}

describe('the delivery attempt', () => {
  it('counts nacks and ended deadlines from 1 with a dead-letter policy', async () => {
    const line = await createLineWithPolicy({ ackDeadlineSeconds: 10 });
    await line.publish('counted');
    const attempts: (number | null | undefined)[] = [];
    const [first] = await line.pull();
    attempts.push(first?.deliveryAttempt);
    await line.nack(first!);
    const [second] = await line.pull();
    attempts.push(second?.deliveryAttempt);
    fixture.clock.advance(10_000);
    const [third] = await line.pull();
    attempts.push(third?.deliveryAttempt);
    expect(attempts).toEqual([1, 2, 3]);
  });
});

describe('a message that fails', () => {
  it('keeps its data, attributes and ordering key, and gets the attributes that tell where it came from', async () => {
    const line = await createLineWithPolicy();
    const publishedAt = new Date(fixture.clock.now()).toISOString().replace('Z', '+00:00');
    const [originalId] = await line.publish({ data: Buffer.from('dead'), attributes: { a: '1' }, orderingKey: 'k' });
    fixture.clock.advance(5_000);
    await failTimes(line, 5);
    const [dead] = await graveyard.pull();
    expect(dead?.message?.attributes).toEqual({
      a: '1',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: line.subscription.split('/').at(-1),
      CloudPubSubDeadLetterSourceSubscriptionProject: projectId,
      CloudPubSubDeadLetterSourceTopicPublishTime: publishedAt,
    });
    expect(dead?.message?.orderingKey).toBe('k');
    expect(dead?.message?.messageId).not.toBe(originalId);
  });

  it('by ended deadlines alone moves as well', async () => {
    const line = await createLineWithPolicy({ ackDeadlineSeconds: 10 });
    await line.publish('ignored');
    for (let time = 0; time < 5; time++) {
      await line.pull();
      fixture.clock.advance(10_000);
    }
    expect(textsOf(await graveyard.pull())).toEqual(['ignored']);
  });
});
