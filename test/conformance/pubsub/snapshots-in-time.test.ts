import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';
import { createSeeks, publishAndAck } from './seeks.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });
const { toTime: seekToTime, toSnapshot: seekToSnapshot, takeSnapshot } = createSeeks(() => fixture);

describe('a seek to a snapshot', () => {
  it('acknowledges what was acknowledged then', async () => {
    const line = await fixture.createLine({ retainAckedMessages: true });
    const time = fixture.clock.now();
    await publishAndAck(line, 'acked');
    const snapshot = await takeSnapshot(line);
    await seekToTime(line, time);
    await seekToSnapshot(line, snapshot);
    expect(await line.pull()).toEqual([]);
  });

  it('brings back messages that are older than the retention of the subscription', async () => {
    const line = await fixture.createLine({ messageRetentionDuration: seconds(600) });
    await line.publish('old');
    const snapshot = await takeSnapshot(line);
    fixture.clock.advance(600_001);
    expect(await line.pull()).toEqual([]);
    await seekToSnapshot(line, snapshot);
    expect(textsOf(await line.pull())).toEqual(['old']);
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

  it('that would live for exactly an hour is taken', async () => {
    const line = await fixture.createLine({ messageRetentionDuration: seconds(2_678_400) });
    await line.publish('old');
    fixture.clock.advance((7 * 24 - 1) * 3_600_000);
    await expect(takeSnapshot(line)).resolves.toBeDefined();
  });
});
