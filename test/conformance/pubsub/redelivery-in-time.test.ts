import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, type PubsubFixture, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

async function pullOne(line: Line) {
  const [message] = await line.pull();
  return message!;
}

describe('a delivered message', () => {
  it('is not delivered again in the last millisecond of its ack deadline', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('once');
    await line.pull();
    fixture.clock.advance(9_999);
    expect(await line.pull()).toEqual([]);
  });

  it('is delivered again at the instant the ack deadline ends', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('twice');
    await line.pull();
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['twice']);
  });

  it('is gone after its acknowledgement', async () => {
    const line = await fixture.createLine();
    await line.publish('done');
    await line.ack(await pullOne(line));
    fixture.clock.advance(700_000);
    expect(await line.pull()).toEqual([]);
  });

  it('is acknowledged by an ack id whose deadline is over, even while it is delivered again', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('late');
    const first = await pullOne(line);
    fixture.clock.advance(10_000);
    await line.pull();
    await line.ack(first);
    fixture.clock.advance(10_000);
    expect(await line.pull()).toEqual([]);
  });

  it('is not disturbed by a nack whose deadline is over', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('late');
    const first = await pullOne(line);
    fixture.clock.advance(10_000);
    await line.pull();
    await line.nack(first);
    expect(await line.pull()).toEqual([]);
  });
});

describe('modifyAckDeadline', () => {
  const extend = (line: Line, ackId: string, ackDeadlineSeconds: number) =>
    fixture.subscriber.modifyAckDeadline({ subscription: line.subscription, ackIds: [ackId], ackDeadlineSeconds });

  it('counts from the time of the request, not from the delivery', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('extended');
    const message = await pullOne(line);
    fixture.clock.advance(9_000);
    await extend(line, message.ackId!, 30);
    fixture.clock.advance(29_999);
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(1);
    expect(textsOf(await line.pull())).toEqual(['extended']);
  });

  it('may also shorten the deadline', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 600 });
    await line.publish('shortened');
    const message = await pullOne(line);
    await extend(line, message.ackId!, 1);
    fixture.clock.advance(1_000);
    expect(textsOf(await line.pull())).toEqual(['shortened']);
  });
});

describe('ack ids that a subscription never gave out', () => {
  it('are refused, and then nothing of the request takes effect', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 10 });
    await line.publish('kept');
    const message = await pullOne(line);
    const request = { subscription: line.subscription, ackIds: [message.ackId!, 'made-up'] };
    await expect(fixture.subscriber.acknowledge(request)).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining('made-up'),
    });
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['kept']);
  });
});

describe('a retry policy', () => {
  const seconds = (value: number) => ({ seconds: value, nanos: 0 });
  const policy = { retryPolicy: { minimumBackoff: seconds(10), maximumBackoff: seconds(40) } };

  it.each([
    { failures: 1, waitMs: 10_000 },
    { failures: 2, waitMs: 20_000 },
    { failures: 3, waitMs: 40_000 },
    { failures: 4, waitMs: 40_000 },
  ])('waits $waitMs ms after failure $failures, and not a millisecond less', async ({ failures, waitMs }) => {
    const line = await fixture.createLine(policy);
    await line.publish('backing off');
    for (let failure = 1; failure < failures; failure++) {
      await line.nack(await pullOne(line));
      fixture.clock.advance(40_000);
    }
    await line.nack(await pullOne(line));
    fixture.clock.advance(waitMs - 1);
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(1);
    expect(textsOf(await line.pull())).toEqual(['backing off']);
  });

  it('also holds back a message whose ack deadline ended', async () => {
    const line = await fixture.createLine({ ...policy, ackDeadlineSeconds: 10 });
    await line.publish('expired');
    await line.pull();
    fixture.clock.advance(10_000);
    fixture.clock.advance(9_999);
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(1);
    expect(textsOf(await line.pull())).toEqual(['expired']);
  });
});
