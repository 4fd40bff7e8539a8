import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyed, type Line, type PubsubFixture, snapshotPath, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });
const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });
const seekToTime = (line: Line, ms: number) =>
  fixture.subscriber.seek({ subscription: line.subscription, time: timestamp(ms) });
const seekToSnapshot = (line: Line, snapshot: string) =>
  fixture.subscriber.seek({ subscription: line.subscription, snapshot });

let snapshots = 0;
async function takeSnapshot(line: Line): Promise<string> {
  snapshots += 1;
  const name = snapshotPath(`snapshot-${snapshots}`);
  await fixture.subscriber.createSnapshot({ name, subscription: line.subscription });
  return name;
}

async function publishAndAck(line: Line, ...texts: string[]): Promise<void> {
  await line.publish(...texts);
  await line.ack(...(await line.pull()));
}

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
    await line.ack(...(await line.pull()));
    const deliveredBefore = await line.pull();
    await seekToTime(line, time);
    await line.ack(...deliveredBefore);
    const first = await line.pull();
    await line.ack(...first);
    expect([textsOf(deliveredBefore), textsOf(first), textsOf(await line.pull())]).toEqual([['b'], ['a'], ['b']]);
  });

  it('through the client takes a date', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const date = new Date(fixture.clock.now());
    await publishAndAck(line, 'again');
    await fixture.pubsub.subscription(line.subscription).seek(date);
    expect(textsOf(await line.pull())).toEqual(['again']);
  });

  it('needs a target', async () => {
    const line = await fixture.createLine();
    await expect(fixture.subscriber.seek({ subscription: line.subscription })).rejects.toMatchObject({ code: 3 });
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

describe('a seek to a snapshot', () => {
  it('restores what was unacknowledged then, and all that was published since', async () => {
    const line = await fixture.createLine();
    await publishAndAck(line, 'acked before');
    await line.publish('open');
    const snapshot = await takeSnapshot(line);
    await line.ack(...(await line.pull()));
    await publishAndAck(line, 'since');
    await seekToSnapshot(line, snapshot);
    expect(textsOf(await line.pull())).toEqual(['open', 'since']);
  });

  it('acknowledges what was acknowledged then', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const time = fixture.clock.now();
    await publishAndAck(line, 'acked');
    const snapshot = await takeSnapshot(line);
    await seekToTime(line, time);
    await seekToSnapshot(line, snapshot);
    expect(await line.pull()).toEqual([]);
  });

  it('works for another subscription of the topic, through its filter', async () => {
    const line = await fixture.createLine();
    await line.publish({ attributes: { a: '1' } }, { attributes: { b: '1' } });
    const snapshot = await takeSnapshot(line);
    const other = `${line.subscription}-other`;
    await fixture.subscriber.createSubscription({ name: other, topic: line.topic, filter: 'attributes:b' });
    await fixture.subscriber.seek({ subscription: other, snapshot });
    const [response] = await fixture.subscriber.pull({ subscription: other, maxMessages: 9, returnImmediately: true });
    expect(response.receivedMessages?.map(({ message }) => message?.attributes)).toEqual([{ b: '1' }]);
  });

  it('is refused for a subscription of another topic', async () => {
    const snapshot = await takeSnapshot(await fixture.createLine());
    const other = await fixture.createLine();
    await expect(seekToSnapshot(other, snapshot)).rejects.toMatchObject({ code: 9 });
  });

  it('counts for delivery attempts as a new start', async () => {
    const graveyard = await fixture.createLine();
    const line = await fixture.createLine({ deadLetterPolicy: { deadLetterTopic: graveyard.topic } });
    await line.publish('tried');
    const snapshot = await takeSnapshot(line);
    await line.nack(...(await line.pull()));
    await line.ack(...(await line.pull()));
    await seekToSnapshot(line, snapshot);
    expect((await line.pull())[0]?.deliveryAttempt).toBe(1);
  });
});

describe('a snapshot', () => {
  it('lives for seven days from the publishing of its oldest message', async () => {
    const line = await fixture.createLine();
    await line.publish('oldest');
    const oldest = fixture.clock.now();
    fixture.clock.advance(3_600_000);
    const name = await takeSnapshot(line);
    const [snapshot] = await fixture.subscriber.getSnapshot({ snapshot: name });
    expect(snapshot.expireTime).toEqual({
      seconds: String(Math.floor(oldest / 1000) + 7 * 86_400),
      nanos: (oldest % 1000) * 1e6,
    });
  });

  it('is gone when it expires', async () => {
    const name = await takeSnapshot(await fixture.createLine());
    fixture.clock.advance(7 * 86_400_000 - 1);
    await expect(fixture.subscriber.getSnapshot({ snapshot: name })).resolves.toBeDefined();
    fixture.clock.advance(1);
    await expect(fixture.subscriber.getSnapshot({ snapshot: name })).rejects.toMatchObject({ code: 5 });
  });

  it('that would live for less than an hour is refused', async () => {
    const line = await fixture.createLine({ messageRetentionDuration: seconds(2_678_400) });
    await line.publish('old');
    fixture.clock.advance((7 * 24 - 1) * 3_600_000 + 1);
    await expect(takeSnapshot(line)).rejects.toMatchObject({ code: 9 });
  });

  it('is listed, updated and deleted', async () => {
    const line = await fixture.createLine();
    const name = await takeSnapshot(line);
    const [updated] = await fixture.subscriber.updateSnapshot({
      snapshot: { name, labels: { a: 'b' } },
      updateMask: { paths: ['labels'] },
    });
    const [ofTopic] = await fixture.publisher.listTopicSnapshots({ topic: line.topic });
    const [all] = await fixture.subscriber.listSnapshots({ project: 'projects/local-project' });
    await fixture.subscriber.deleteSnapshot({ snapshot: name });
    expect(updated).toMatchObject({ name, topic: line.topic, labels: { a: 'b' } });
    expect(ofTopic).toEqual([name]);
    expect(all.map((snapshot) => snapshot.name)).toContain(name);
    await expect(fixture.subscriber.getSnapshot({ snapshot: name })).rejects.toMatchObject({ code: 5 });
  });

  it('is created once', async () => {
    const line = await fixture.createLine();
    const name = await takeSnapshot(line);
    const again = fixture.subscriber.createSnapshot({ name, subscription: line.subscription });
    await expect(again).rejects.toMatchObject({ code: 6 });
  });
});
