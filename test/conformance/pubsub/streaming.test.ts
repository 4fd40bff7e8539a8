import type * as grpc from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, type PubsubFixture, type ReceivedMessage, startPubsubFixture, textsOf } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
const streams: RawStream[] = [];
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.call.cancel();
});
afterAll(() => fixture.close());

interface StreamResponse {
  readonly receivedMessages: readonly ReceivedMessage[];
  readonly subscriptionProperties: { exactlyOnceDeliveryEnabled: boolean; messageOrderingEnabled: boolean };
}

interface RawStream {
  readonly call: grpc.ClientDuplexStream<object, StreamResponse>;
  readonly responses: StreamResponse[];
  readonly texts: () => string[];
  readonly ended: Promise<{ code: number; details: string }>;
  /** Resolves when the stream has answered this many times. */
  answered(count: number): Promise<void>;
}

/** One stream below the client's own flow control and keep-alive. */
async function openStream(first: object): Promise<RawStream> {
  await fixture.subscriber.initialize();
  const stub = (await fixture.subscriber.subscriberStub) as unknown as {
    streamingPull(): grpc.ClientDuplexStream<object, StreamResponse>;
  };
  const call = stub.streamingPull();
  const responses: StreamResponse[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  call.on('data', (response) => {
    responses.push(response);
    for (const waiter of waiters) if (responses.length >= waiter.count) waiter.resolve();
  });
  const ended = new Promise<{ code: number; details: string }>((resolve) => {
    call.on('error', (error) => resolve(error as unknown as { code: number; details: string }));
    call.on('end', () => resolve({ code: 0, details: '' }));
  });
  call.write(first);
  const stream: RawStream = {
    call,
    responses,
    texts: () => textsOf(responses.flatMap(({ receivedMessages }) => receivedMessages)),
    ended,
    answered: (count) =>
      new Promise((resolve) => {
        if (responses.length >= count) resolve();
        else waiters.push({ count, resolve });
      }),
  };
  streams.push(stream);
  return stream;
}

const opening = (line: Line, more: object = {}) => ({
  subscription: line.subscription,
  streamAckDeadlineSeconds: 10,
  ...more,
});

/** An empty request is answered after all that was sent before it: what has not come by then does not come. */
async function settle(stream: RawStream): Promise<void> {
  const before = stream.responses.length;
  stream.call.write({});
  await stream.answered(before + 1);
}

describe('a stream', () => {
  it('says at once what kind of subscription it serves', async () => {
    const line = await fixture.createLine({ enableMessageOrdering: true, enableExactlyOnceDelivery: true });
    const stream = await openStream(opening(line));
    await stream.answered(1);
    expect(stream.responses[0]?.subscriptionProperties).toEqual({
      exactlyOnceDeliveryEnabled: true,
      messageOrderingEnabled: true,
    });
  });

  it('answers an empty request, which is a keep-alive', async () => {
    const stream = await openStream(opening(await fixture.createLine()));
    await stream.answered(1);
    stream.call.write({});
    await stream.answered(2);
    expect(stream.responses[1]?.receivedMessages).toEqual([]);
  });

  it('delivers the backlog and then what is published', async () => {
    const line = await fixture.createLine();
    await line.publish('before');
    const stream = await openStream(opening(line));
    await stream.answered(2);
    await line.publish('after');
    await stream.answered(3);
    expect(stream.texts()).toEqual(['before', 'after']);
  });

  it('stops at maxOutstandingMessages until one of them is acknowledged', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line, { maxOutstandingMessages: 2 }));
    await stream.answered(1);
    await line.publish('a', 'b', 'c');
    await stream.answered(2);
    await settle(stream);
    expect(stream.texts()).toEqual(['a', 'b']);
    await line.ack(stream.responses[1]!.receivedMessages[0]!);
    await settle(stream);
    expect(stream.texts()).toEqual(['a', 'b', 'c']);
  });

  it('stops once maxOutstandingBytes are out', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line, { maxOutstandingBytes: 10 }));
    await stream.answered(1);
    await line.publish('123456789', '1', '2');
    await stream.answered(2);
    await settle(stream);
    expect(stream.texts()).toEqual(['123456789', '1']);
  });

  it('has room again when the ack deadline of its messages ends', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line, { maxOutstandingMessages: 1 }));
    await stream.answered(1);
    await line.publish('a', 'b');
    await stream.answered(2);
    fixture.clock.advance(10_000);
    await stream.answered(3);
    expect(stream.texts()).toHaveLength(2);
  });

  it('leases with its own ack deadline, not with that of the subscription', async () => {
    const line = await fixture.createLine({ ackDeadlineSeconds: 600 });
    const stream = await openStream(opening(line, { streamAckDeadlineSeconds: 20 }));
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

  it('takes acknowledgements and nacks in its requests', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line));
    await stream.answered(1);
    await line.publish('done', 'again');
    await stream.answered(2);
    const [done, again] = stream.responses[1]!.receivedMessages;
    stream.call.write({ ackIds: [done!.ackId], modifyDeadlineAckIds: [again!.ackId], modifyDeadlineSeconds: [0] });
    await settle(stream);
    expect(stream.texts()).toEqual(['done', 'again', 'again']);
  });

  it('ends well when the client has nothing more to say', async () => {
    const stream = await openStream(opening(await fixture.createLine()));
    await stream.answered(1);
    stream.call.end();
    expect(await stream.ended).toMatchObject({ code: 0 });
  });
});

describe('several streams of one subscription', () => {
  it('share its messages: each goes to one of them', async () => {
    const line = await fixture.createLine();
    const pair = [await openStream(opening(line)), await openStream(opening(line))];
    await Promise.all(pair.map((stream) => stream.answered(1)));
    await line.publish('a', 'b', 'c', 'd');
    await Promise.all(pair.map((stream) => stream.answered(2)));
    expect(pair.map((stream) => stream.texts().length)).toEqual([2, 2]);
    expect(pair.flatMap((stream) => stream.texts()).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leave to each other what one of them has no room for', async () => {
    const line = await fixture.createLine();
    const narrow = await openStream(opening(line, { maxOutstandingMessages: 1 }));
    const wide = await openStream(opening(line));
    await Promise.all([narrow.answered(1), wide.answered(1)]);
    await line.publish('a', 'b', 'c', 'd');
    await Promise.all([narrow.answered(2), wide.answered(2)]);
    expect([narrow.texts().length, wide.texts().length]).toEqual([1, 3]);
  });
});

describe('a stream is ended', () => {
  it('with NOT_FOUND when its subscription does not exist', async () => {
    const stream = await openStream({
      subscription: 'projects/local-project/subscriptions/nowhere',
      streamAckDeadlineSeconds: 10,
    });
    expect(await stream.ended).toMatchObject({ code: 5, details: expect.stringContaining('nowhere') });
  });

  it('with NOT_FOUND when its subscription is deleted', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line));
    await stream.answered(1);
    await fixture.subscriber.deleteSubscription({ subscription: line.subscription });
    expect(await stream.ended).toMatchObject({ code: 5 });
  });

  it('with FAILED_PRECONDITION when its subscription is detached', async () => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line));
    await stream.answered(1);
    await fixture.publisher.detachSubscription({ subscription: line.subscription });
    expect(await stream.ended).toMatchObject({ code: 9 });
  });

  it.each([
    { field: 'stream_ack_deadline_seconds', request: { streamAckDeadlineSeconds: 9 } },
    { field: 'stream_ack_deadline_seconds', request: { streamAckDeadlineSeconds: 601 } },
    { field: 'modify_deadline_seconds', request: { modifyDeadlineAckIds: ['x'] } },
    { field: 'ack_ids', request: { ackIds: ['made-up'] } },
  ])('with INVALID_ARGUMENT for $request', async ({ field, request }) => {
    const line = await fixture.createLine();
    const stream = await openStream(opening(line, request));
    expect(await stream.ended).toMatchObject({ code: 3, details: expect.stringContaining(field) });
  });

  it.each([
    { subscription: 'projects/p/subscriptions/other' },
    { maxOutstandingMessages: 5 },
    { maxOutstandingBytes: 5 },
  ])('with INVALID_ARGUMENT when a later request says %j', async (request) => {
    const stream = await openStream(opening(await fixture.createLine()));
    await stream.answered(1);
    stream.call.write(request);
    expect(await stream.ended).toMatchObject({ code: 3 });
  });
});
