import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyed, type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';
import { createSeeks, publishAndAck, timestamp } from './seeks.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });
const { toTime: seekToTime, takeSnapshot } = createSeeks(() => fixture);

describe('a seek to a time', () => {
  it('brings back what was acknowledged since, where the subscription retains it', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    await publishAndAck(line, 'before');
    fixture.clock.advance(1_000);
    const time = fixture.clock.now();
    await publishAndAck(line, 'after');
    await seekToTime(line, time);
    expect(textsOf(await line.pull())).toEqual(['after']);
  });

  it('acknowledges what was published before', async () => {
    const line = await fixture.createLine();
    await line.publish('before');
    fixture.clock.advance(1);
    await line.publish('after');
    await seekToTime(line, fixture.clock.now());
    expect(textsOf(await line.pull())).toEqual(['after']);
  });

  it('in the future drops the whole backlog', async () => {
    const line = await fixture.createLine();
    await line.publish('dropped');
    await seekToTime(line, fixture.clock.now() + 1);
    expect(await line.pull()).toEqual([]);
    await line.publish('new');
    expect(textsOf(await line.pull())).toEqual(['new']);
  });

  it('cannot bring back what nobody retains', async () => {
    const line = await fixture.createLine();
    const time = fixture.clock.now();
    await publishAndAck(line, 'gone');
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
  });

  it('cannot bring back what only a snapshot keeps', async () => {
    const line = await fixture.createLine();
    await takeSnapshot(line);
    const time = fixture.clock.now();
    await publishAndAck(line, 'kept for the snapshot');
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
  });

  it('reaches messages that the topic retains, even older than the subscription', async () => {
    const line = await fixture.createLine({}, { messageRetentionDuration: seconds(600) });
    const time = fixture.clock.now();
    await publishAndAck(line, 'a', 'b');
    const late = `${line.subscription}-late`;
    await fixture.subscriber.createSubscription({ name: late, topic: line.topic, filter: '' });
    await fixture.subscriber.seek({ subscription: late, time: timestamp(time) });
    const [response] = await fixture.subscriber.pull({ subscription: late, maxMessages: 9, returnImmediately: true });
    expect(textsOf(response.receivedMessages ?? [])).toEqual(['a', 'b']);
  });

  it('does not reach messages after the retention of the topic', async () => {
    const line = await fixture.createLine({}, { messageRetentionDuration: seconds(600) });
    const time = fixture.clock.now();
    await publishAndAck(line, 'old');
    fixture.clock.advance(600_001);
    await publishAndAck(line, 'new');
    await seekToTime(line, time);
    expect(textsOf(await line.pull())).toEqual(['new']);
  });

  it('does not reach acknowledged messages after the retention of the subscription', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true, messageRetentionDuration: seconds(600) });
    const time = fixture.clock.now();
    await publishAndAck(line, 'old');
    fixture.clock.advance(600_001);
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
  });

  it.each([
    { waitMs: 600_000, texts: ['old'] },
    { waitMs: 600_001, texts: [] },
  ])('reaches $texts with a topic retention of 600 s after $waitMs ms', async ({ waitMs, texts }) => {
    const line = await fixture.createLine({}, { messageRetentionDuration: seconds(600) });
    const time = fixture.clock.now();
    await publishAndAck(line, 'old');
    fixture.clock.advance(waitMs);
    await line.publish('new');
    await line.ack(...(await line.pull()));
    await seekToTime(line, time);
    expect(textsOf(await line.pull())).toEqual([...texts, 'new']);
  });

  it('finds nothing of the topic once its retention was taken away', async () => {
    const line = await fixture.createLine({}, { messageRetentionDuration: seconds(600) });
    const time = fixture.clock.now();
    await publishAndAck(line, 'dropped');
    for (const messageRetentionDuration of [null, seconds(600)]) {
      await fixture.publisher.updateTopic({
        topic: { name: line.topic, messageRetentionDuration },
        updateMask: { paths: ['message_retention_duration'] },
      });
    }
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
  });

  it('makes acknowledgements from before it void for what it brought back', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const time = fixture.clock.now();
    await line.publish('again');
    const delivered = await line.pull();
    await line.ack(...delivered);
    await seekToTime(line, time);
    await line.ack(...delivered);
    expect(textsOf(await line.pull())).toEqual(['again']);
  });

  it('leaves messages that are out under their lease', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const time = fixture.clock.now();
    await line.publish('out');
    const out = await line.pull();
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
    await line.ack(...out);
    fixture.clock.advance(700_000);
    expect(await line.pull()).toEqual([]);
  });

  it('starts an ordering key again from the first message, and earlier deliveries no longer count', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true, enableMessageOrdering: true });
    const time = fixture.clock.now();
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.ack(...(await line.pull(1)));
    const deliveredBefore = await line.pull();
    await seekToTime(line, time);
    await line.ack(...deliveredBefore);
    expect([textsOf(deliveredBefore), textsOf(await line.pull())]).toEqual([['b'], ['a', 'b']]);
  });

  it('through the client takes a date', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const date = new Date(fixture.clock.now());
    await publishAndAck(line, 'again');
    await fixture.pubsub.subscription(line.subscription).seek(date);
    expect(textsOf(await line.pull())).toEqual(['again']);
  });
});

describe('turning retainAckedMessages off', () => {
  it('drops what was retained', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const time = fixture.clock.now();
    await publishAndAck(line, 'retained');
    await fixture.subscriber.updateSubscription({
      subscription: { name: line.subscription, retainAckedMessages: false },
      updateMask: { paths: ['retain_acked_messages'] },
    });
    await seekToTime(line, time);
    expect(await line.pull()).toEqual([]);
  });
});
