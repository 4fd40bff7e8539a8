import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { until } from '../../support/until.ts';
import { onEachServer } from '../on-each-server.ts';
import { opening, openStream, settle } from './open-stream.ts';
import { type ConnectedPubsub, connectPubsub, keyed, type Line, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator, notOnEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    const createOrdered = (settings: object = {}) => fixture.createLine({ enableMessageOrdering: true, ...settings });

    describe('messages of one ordering key', () => {
      it('come together in the order of publishing', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'));
        await line.publish(keyed('k', 'c'));
        expect(textsOf(await line.receive(3))).toEqual(['a', 'b', 'c']);
      });

      it('come no more while some of them are out to a pull', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        const [first, second] = await line.receive(2);
        await line.ack(first!);
        await line.publish(keyed('other', 'x'));
        expect(textsOf(await line.receive(1))).toEqual(['x']);
        await line.ack(second!);
        expect(textsOf(await line.receive(1))).toEqual(['c']);
      });

      it('come one after the other on a stream that acknowledges them', async () => {
        const line = await createOrdered();
        const stream = await openStream(fixture, opening(line));
        const texts = ['a', 'b', 'c', 'd', 'e'];
        await line.publish(...texts.map((text) => keyed('k', text)));
        for (let count = 1; count <= texts.length; count++) {
          await stream.received(count);
          stream.call.write({ ackIds: [stream.messages()[count - 1]!.ackId] });
        }
        stream.call.cancel();
        expect(stream.texts()).toEqual(texts);
      });

      it('all come again in order after all of them were nacked', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        await line.nack(...(await line.receive(3)));
        expect(textsOf(await line.receive(3))).toEqual(['a', 'b', 'c']);
      });

      it('do not wait for other keys, nor for messages without one', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('other', 'c'), 'd', 'e');
        const messages = await line.receive(5);
        expect(textsOf(messages).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
      });

      it('come in any number at a time where the subscription has no message ordering', async () => {
        const line = await fixture.createLine();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'));
        expect(textsOf(await line.receive(1))).toEqual(['a']);
        expect(textsOf(await line.receive(1))).toEqual(['b']);
      });
    });

    describe('messages of one ordering key on a stream', () => {
      const letters = ['a', 'b', 'c', 'd', 'e'];
      const publishLetters = (line: Line) => line.publish(...letters.map((text) => keyed('k', text)));

      it('come one behind the other without waiting for acknowledgements', async () => {
        const line = await createOrdered();
        const stream = await openStream(fixture, opening(line));
        await publishLetters(line);
        await stream.received(letters.length);
        stream.call.cancel();
        expect(stream.texts()).toEqual(letters);
      });

      it('come at once when they are published while earlier ones are out', async () => {
        const line = await createOrdered();
        const stream = await openStream(fixture, opening(line));
        for (const [index, text] of letters.entries()) {
          await line.publish(keyed('k', text));
          await stream.received(index + 1);
        }
        stream.call.cancel();
        expect(stream.texts()).toEqual(letters);
      });

      notOnEmulator('the emulator holds them back where several streams are open')(
        'come on the stream that has earlier ones of them, although another one is open',
        async () => {
          const line = await createOrdered();
          const streams = [await openStream(fixture, opening(line)), await openStream(fixture, opening(line))];
          const all = () => streams.flatMap((stream) => stream.texts());
          for (const [index, text] of letters.entries()) {
            await line.publish(keyed('k', text));
            await until(`message ${index + 1} on one of the streams`, async () => (all().length > index ? true : null));
          }
          for (const stream of streams) stream.call.cancel();
          expect(streams.map((stream) => stream.texts()).toSorted()).toEqual([[], letters]);
        },
      );

      notOnEmulator('the emulator sends on')(
        'come no further than the flow control of the stream lets them, and go on with each acknowledgement',
        async () => {
          const line = await createOrdered();
          const stream = await openStream(fixture, opening(line, { maxOutstandingMessages: 2 }));
          await publishLetters(line);
          const came: string[][] = [];
          for (let count = 2; count <= letters.length; count++) {
            await stream.received(count);
            await settle(stream);
            came.push(stream.texts());
            stream.call.write({ ackIds: [stream.messages()[count - 2]!.ackId] });
          }
          stream.call.cancel();
          expect(came).toEqual([2, 3, 4, 5].map((count) => letters.slice(0, count)));
        },
      );

      it('are refused under exactly-once delivery until those before them are acknowledged', async () => {
        const line = await createOrdered({ enableExactlyOnceDelivery: true });
        const stream = await openStream(fixture, opening(line));
        await publishLetters(line);
        await stream.received(letters.length);
        const [first, second] = stream.messages();
        await expect(line.ack(second!)).rejects.toMatchObject({
          errorInfoMetadata: { [second!.ackId!]: 'TRANSIENT_FAILURE_UNORDERED_ACK_ID' },
        });
        await line.ack(first!);
        await expect(line.ack(second!)).resolves.toBeUndefined();
        stream.call.cancel();
      });
    });

    describe('a message of an ordering key that comes again', () => {
      const lacking = unlikeEmulator('the emulator brings back that message alone');

      lacking('brings the later ones that are out with it', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        const [first] = await line.receive(3);
        await line.nack(first!);
        expect(textsOf(await line.pull())).toEqual(['a', 'b', 'c']);
      });

      lacking('brings the later ones with it although they were acknowledged', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        const [first, ...later] = await line.receive(3);
        await line.ack(...later);
        await line.nack(first!);
        expect(textsOf(await line.pull())).toEqual(['a', 'b', 'c']);
      });

      lacking('leaves those before it acknowledged', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        const [first, second] = await line.receive(3);
        await line.nack(second!);
        await line.ack(first!);
        expect(textsOf(await line.pull())).toEqual(['b', 'c']);
      });

      lacking('makes acknowledgements of the later ones void', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'));
        const [first, second] = await line.receive(2);
        await line.nack(first!);
        await line.ack(second!);
        expect(textsOf(await line.pull())).toEqual(['a', 'b']);
      });
    });

    describe('a message of an ordering key that comes again on a stream', () => {
      const lacking = notOnEmulator('the emulator brings back that message alone');

      /** A stream that has five messages of one key out. */
      const openWithFive = async (line: Line) => {
        const stream = await openStream(fixture, opening(line));
        await line.publish(...['a', 'b', 'c', 'd', 'e'].map((text) => keyed('k', text)));
        await stream.received(5);
        return stream;
      };

      lacking('brings the later ones with it, the acknowledged too', async () => {
        const line = await createOrdered();
        const stream = await openWithFive(line);
        const [first, second, third] = stream.messages();
        await line.ack(third!);
        await line.nack(second!);
        await stream.received(9);
        await line.ack(first!);
        await settle(stream);
        stream.call.cancel();
        expect(stream.texts().slice(5)).toEqual(['b', 'c', 'd', 'e']);
      });

      lacking('brings the later ones with it once where one request nacks several', async () => {
        const line = await createOrdered();
        const stream = await openWithFive(line);
        await line.nack(...stream.messages().toReversed());
        await stream.received(10);
        await settle(stream);
        stream.call.cancel();
        expect(stream.texts().slice(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
      });

      lacking(
        'comes on the stream that had it, behind what is on its way there, although others are open',
        async () => {
          const line = await createOrdered();
          const stream = await openWithFive(line);
          const others = [await openStream(fixture, opening(line)), await openStream(fixture, opening(line))];
          await Promise.all(others.map((other) => other.answered(1)));
          await line.nack(stream.messages()[0]!);
          await stream.received(10);
          for (const each of [stream, ...others]) each.call.cancel();
          expect(stream.texts().slice(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
        },
      );

      lacking('comes before what is published meanwhile', async () => {
        const line = await createOrdered();
        const stream = await openWithFive(line);
        await line.nack(stream.messages()[3]!);
        await line.publish(keyed('k', 'f'));
        await stream.received(8);
        stream.call.cancel();
        expect(stream.texts().slice(5)).toEqual(['d', 'e', 'f']);
      });
    });

    describe('messages of one ordering key that are acknowledged in another order', () => {
      it('are done once all are acknowledged', async () => {
        const line = await createOrdered();
        await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
        const [first, second, third] = await line.receive(3);
        await line.ack(third!);
        await line.ack(first!);
        await line.ack(second!);
        await line.publish(keyed('k', 'd'));
        expect(textsOf(await line.receive(1))).toEqual(['d']);
      });

      it('are refused under exactly-once delivery until those before them are acknowledged', async () => {
        const line = await createOrdered({ enableExactlyOnceDelivery: true });
        await line.publish(keyed('k', 'a'), keyed('k', 'b'));
        const [first, second] = await line.receive(2);
        await expect(line.ack(second!)).rejects.toMatchObject({
          code: 3,
          reason: 'EXACTLY_ONCE_ACKID_FAILURE',
          errorInfoMetadata: { [second!.ackId!]: 'TRANSIENT_FAILURE_UNORDERED_ACK_ID' },
        });
        await line.ack(first!);
        await expect(line.ack(second!)).resolves.toBeUndefined();
      });

      unlikeEmulator('the emulator looks at each id alone')(
        'count under exactly-once delivery where one request has them all',
        async () => {
          const line = await createOrdered({ enableExactlyOnceDelivery: true });
          await line.publish(keyed('k', 'a'), keyed('k', 'b'));
          const [first, second] = await line.receive(2);
          await expect(line.ack(second!, first!)).resolves.toBeUndefined();
        },
      );
    });
  },
);
