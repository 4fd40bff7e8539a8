import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callByPath } from './call-by-path.ts';
import { opening, openStream, type RawStream } from './open-stream.ts';
import { type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

describe('an empty request', () => {
  it.each([
    ['Publisher/CreateTopic', 'name'],
    ['Publisher/UpdateTopic', 'topic'],
    ['Publisher/Publish', 'topic'],
    ['Publisher/GetTopic', 'topic'],
    ['Publisher/ListTopics', 'project'],
    ['Publisher/ListTopicSubscriptions', 'topic'],
    ['Publisher/ListTopicSnapshots', 'topic'],
    ['Publisher/DeleteTopic', 'topic'],
    ['Publisher/DetachSubscription', 'subscription'],
    ['Subscriber/CreateSubscription', 'topic'],
    ['Subscriber/GetSubscription', 'subscription'],
    ['Subscriber/UpdateSubscription', 'subscription'],
    ['Subscriber/ListSubscriptions', 'project'],
    ['Subscriber/DeleteSubscription', 'subscription'],
    ['Subscriber/ModifyAckDeadline', 'ack_ids'],
    ['Subscriber/Acknowledge', 'ack_ids'],
    ['Subscriber/Pull', 'subscription'],
    ['Subscriber/ModifyPushConfig', 'subscription'],
    ['Subscriber/GetSnapshot', 'snapshot'],
    ['Subscriber/ListSnapshots', 'project'],
    ['Subscriber/CreateSnapshot', 'subscription'],
    ['Subscriber/UpdateSnapshot', 'snapshot'],
    ['Subscriber/DeleteSnapshot', 'snapshot'],
    ['Subscriber/Seek', 'subscription'],
  ])('of %s is INVALID_ARGUMENT and names the field %s', async (method, field) => {
    await expect(callByPath(fixture.server, `/google.pubsub.v1.${method}`)).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining(`Invalid ${field}`),
    });
  });
});

describe('a time that Google has no type for', () => {
  it.each([
    { seconds: '253402300800', nanos: 0 },
    { seconds: '-62135596801', nanos: 0 },
    { seconds: 1, nanos: -1 },
    { seconds: 1, nanos: 1_000_000_000 },
  ])('is no place to seek to: %j', async (time) => {
    const line = await fixture.createLine();
    await expect(fixture.subscriber.seek({ subscription: line.subscription, time })).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining('Invalid time'),
    });
  });

  it.each([
    { seconds: 700, nanos: -1 },
    { seconds: 700, nanos: 1_000_000_000 },
  ])('is no duration: %j', async (messageRetentionDuration) => {
    await expect(fixture.createLine({ messageRetentionDuration })).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining('message_retention_duration'),
    });
  });
});

describe('a stream that was refused', () => {
  it('takes no messages, whatever its client still sends', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(fixture, opening(line, { ackIds: ['made-up'] }));
    stream.call.write(opening(line));
    stream.call.write(opening(line));
    expect(await stream.ended).toMatchObject({ code: 3 });
    await line.publish('for others');
    expect(textsOf(await line.pull())).toEqual(['for others']);
  });
});

describe('a stream that breaks off', () => {
  it.each<[string, (call: RawStream['call']) => void]>([
    ['is cancelled', (call) => call.cancel()],
    ['is ended by its client', (call) => call.end()],
  ])('leaves what comes later to others when it %s', async (_how, breakOff) => {
    const line = await fixture.createLine();
    const stream = await openStream(fixture, opening(line));
    await line.publish('out');
    await stream.received(1);
    breakOff(stream.call);
    await stream.ended;
    // Any answer of the same connection comes after the end of the stream.
    await fixture.subscriber.getSubscription({ subscription: line.subscription });
    await line.publish('later');
    expect(textsOf(await line.receive(1))).toEqual(['later']);
    fixture.clock.advance(10_000);
    expect(textsOf(await line.receive(1))).toEqual(['out']);
  });
});

describe('an update of a subscription whose dead letter topic was deleted', () => {
  it('changes its other fields', async () => {
    const graveyard = await fixture.createLine();
    const line = await fixture.createLine({ deadLetterPolicy: { deadLetterTopic: graveyard.topic } });
    await fixture.publisher.deleteTopic({ topic: graveyard.topic });
    const [updated] = await fixture.subscriber.updateSubscription({
      subscription: { name: line.subscription, ackDeadlineSeconds: 20 },
      updateMask: { paths: ['ack_deadline_seconds'] },
    });
    expect(updated.ackDeadlineSeconds).toBe(20);
  });
});
