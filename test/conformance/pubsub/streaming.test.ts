import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { opening, openStream, type RawStream } from './open-stream.ts';
import { type ConnectedPubsub, connectPubsub, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, notOnEmulator }) => {
    let fixture: ConnectedPubsub;
    const streams: RawStream[] = [];
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
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
      notOnEmulator('the emulator answers with messages only')(
        'says at once what kind of subscription it serves',
        async () => {
          const line = await fixture.createLine({ enableMessageOrdering: true, enableExactlyOnceDelivery: true });
          const stream = await open(opening(line));
          await stream.answered(1);
          expect(stream.responses[0]?.subscriptionProperties).toEqual({
            exactlyOnceDeliveryEnabled: true,
            messageOrderingEnabled: true,
          });
        },
      );

      notOnEmulator('the emulator answers with messages only')(
        'answers an empty request, which is a keep-alive',
        async () => {
          const stream = await open(opening(await fixture.createLine()));
          await stream.answered(1);
          stream.call.write({});
          await stream.answered(2);
          expect(stream.responses[1]?.receivedMessages).toEqual([]);
        },
      );

      it('delivers the backlog and then what is published', async () => {
        const line = await fixture.createLine();
        await line.publish('before');
        const stream = await open(opening(line));
        await stream.received(1);
        await line.publish('after');
        await stream.received(2);
        expect(stream.texts()).toEqual(['before', 'after']);
      });

      notOnEmulator('the emulator sends on')(
        'stops at maxOutstandingMessages until one of them is acknowledged',
        async () => {
          const line = await fixture.createLine();
          const stream = await open(opening(line, { maxOutstandingMessages: 2 }));
          await line.publish('a', 'b', 'c');
          await stream.received(2);
          // The third is there for others.
          expect(textsOf(await line.receive(1))).toEqual(['c']);
          await line.ack(stream.messages()[0]!);
          await line.publish('d');
          await stream.received(3);
          expect(stream.texts()).toEqual(['a', 'b', 'd']);
        },
      );

      notOnEmulator('the emulator sends on')('stops once maxOutstandingBytes are out', async () => {
        const line = await fixture.createLine();
        const stream = await open(opening(line, { maxOutstandingBytes: 10 }));
        await line.publish('123456789', '1', '2');
        await stream.received(2);
        expect(textsOf(await line.receive(1))).toEqual(['2']);
        expect(stream.texts()).toEqual(['123456789', '1']);
      });

      it('takes acknowledgements and nacks in its requests', async () => {
        const line = await fixture.createLine();
        const stream = await open(opening(line));
        await line.publish('done', 'again');
        await stream.received(2);
        const [done, again] = stream.messages();
        stream.call.write({ ackIds: [done!.ackId], modifyDeadlineAckIds: [again!.ackId], modifyDeadlineSeconds: [0] });
        await stream.received(3);
        expect(stream.texts()).toEqual(['done', 'again', 'again']);
      });

      it('ends well when the client has nothing more to say', async () => {
        const stream = await open(opening(await fixture.createLine()));
        stream.call.end();
        expect(await stream.ended).toMatchObject({ code: 0 });
      });
    });

    describe('several streams of one subscription', () => {
      notOnEmulator('the emulator gives all to one stream')(
        'share its messages: each goes to one of them',
        async () => {
          const line = await fixture.createLine();
          const pair = [await open(opening(line)), await open(opening(line))];
          await Promise.all(pair.map((stream) => stream.answered(1)));
          await line.publish('a', 'b', 'c', 'd');
          await Promise.all(pair.map((stream) => stream.answered(2)));
          expect(pair.map((stream) => stream.texts().length)).toEqual([2, 2]);
          expect(pair.flatMap((stream) => stream.texts()).sort()).toEqual(['a', 'b', 'c', 'd']);
        },
      );

      notOnEmulator('the emulator sends on')('leave to each other what one of them has no room for', async () => {
        const line = await fixture.createLine();
        const narrow = await open(opening(line, { maxOutstandingMessages: 1 }));
        const wide = await open(opening(line));
        await Promise.all([narrow.answered(1), wide.answered(1)]);
        await line.publish('a', 'b', 'c', 'd');
        await Promise.all([narrow.answered(2), wide.answered(2)]);
        expect([narrow.texts().length, wide.texts().length]).toEqual([1, 3]);
      });
    });

    describe('a stream is ended', () => {
      it('with NOT_FOUND when its subscription does not exist', async () => {
        const stream = await open({
          subscription: 'projects/local-project/subscriptions/nowhere',
          streamAckDeadlineSeconds: 10,
        });
        expect(await stream.ended).toMatchObject({ code: 5, details: expect.stringContaining('nowhere') });
      });

      notOnEmulator('the emulator leaves it open')('with NOT_FOUND when its subscription is deleted', async () => {
        const line = await fixture.createLine();
        const stream = await open(opening(line));
        await stream.answered(1);
        await fixture.subscriber.deleteSubscription({ subscription: line.subscription });
        expect(await stream.ended).toMatchObject({ code: 5 });
      });

      notOnEmulator('the emulator leaves it open')(
        'with FAILED_PRECONDITION when its subscription is detached',
        async () => {
          const line = await fixture.createLine();
          const stream = await open(opening(line));
          await stream.answered(1);
          await fixture.publisher.detachSubscription({ subscription: line.subscription });
          expect(await stream.ended).toMatchObject({ code: 9 });
        },
      );

      it.each([
        { request: { streamAckDeadlineSeconds: 9 } },
        { request: { streamAckDeadlineSeconds: 601 } },
        { request: { modifyDeadlineAckIds: ['x'] } },
        { request: { ackIds: ['made-up'] } },
      ])('with INVALID_ARGUMENT for $request', async ({ request }) => {
        const line = await fixture.createLine();
        const stream = await open(opening(line, request));
        expect(await stream.ended).toMatchObject({ code: 3 });
      });

      notOnEmulator('the emulator does not look at it').each([
        { subscription: 'projects/p/subscriptions/other' },
        { maxOutstandingMessages: 5 },
        { maxOutstandingBytes: 5 },
      ])('with INVALID_ARGUMENT when a later request says %j', async (request) => {
        const stream = await open(opening(await fixture.createLine()));
        await stream.answered(1);
        stream.call.write(request);
        expect(await stream.ended).toMatchObject({ code: 3 });
      });
    });
  },
);
