import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { opening, openStream } from './open-stream.ts';
import { type ConnectedPubsub, connectPubsub, keyed, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
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
