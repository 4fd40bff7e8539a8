import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { opening, openStream, type RawStream } from './open-stream.ts';
import { type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
const streams: RawStream[] = [];
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.call.cancel();
});
afterAll(() => fixture.close());

async function open(first: object): Promise<RawStream> {
  const stream = await openStream(fixture, first);
  streams.push(stream);
  return stream;
}

describe('a stream', () => {
  it('has room again when the ack deadline of its messages ends', async () => {
    const line = await fixture.createLine();
    const stream = await open(opening(line, { maxOutstandingMessages: 1 }));
    await stream.answered(1);
    await line.publish('a', 'b');
    await stream.answered(2);
    fixture.clock.advance(10_000);
    await stream.answered(3);
    expect(stream.texts()).toHaveLength(2);
  });

  it('leases with its own ack deadline, not with that of the subscription', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 600 });
    const stream = await open(opening(line, { streamAckDeadlineSeconds: 20 }));
    await stream.answered(1);
    await line.publish('leased');
    await stream.answered(2);
    stream.call.cancel();
    await stream.ended;
    fixture.clock.advance(19_999);
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(1);
    expect(textsOf(await line.pull())).toEqual(['leased']);
  });
});
