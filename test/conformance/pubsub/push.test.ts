import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, keyed, type Line, textsOf } from './pubsub-fixture.ts';
import { type PushReceiver, type ScriptedAnswer, startPushReceiver } from './push-receiver.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator, notOnEmulator }) => {
    let fixture: ConnectedPubsub;
    const receivers: PushReceiver[] = [];
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterEach(async () => {
      for (const receiver of receivers.splice(0)) await receiver.close();
    });
    afterAll(() => fixture.close());

    async function startReceiver(...script: ScriptedAnswer[]): Promise<PushReceiver> {
      const receiver = await startPushReceiver(script);
      receivers.push(receiver);
      return receiver;
    }

    function createPushLine(
      receiver: PushReceiver,
      settings: { pushConfig?: object; [setting: string]: unknown } = {},
    ) {
      return fixture.createLine({ ...settings, pushConfig: { pushEndpoint: receiver.url, ...settings.pushConfig } });
    }

    /** Makes the subscription a pull subscription, so that what is not acknowledged can be seen by pulling. */
    async function stopPushing(line: Line): Promise<void> {
      await fixture.subscriber.modifyPushConfig({ subscription: line.subscription, pushConfig: {} });
    }

    describe('a push', () => {
      unlikeEmulator('the emulator leaves out the ordering key')(
        'is a POST of the message in an envelope',
        async () => {
          const receiver = await startReceiver();
          const line = await createPushLine(receiver);
          const [messageId] = await line.publish({
            data: Buffer.from('hello'),
            attributes: { a: '1' },
            orderingKey: 'k',
          });
          await receiver.received(1);
          const { headers, body } = receiver.pushes[0]!;
          expect(headers['content-type']).toBe('application/json');
          expect(headers.authorization).toBeUndefined();
          expect(JSON.parse(body.toString())).toEqual({
            message: {
              data: Buffer.from('hello').toString('base64'),
              attributes: { a: '1' },
              messageId,
              message_id: messageId,
              publishTime: expect.stringMatching(rfc3339),
              publish_time: expect.stringMatching(rfc3339),
              orderingKey: 'k',
            },
            subscription: line.subscription,
          });
        },
      );

      it('is the bare data where the subscription says so', async () => {
        const receiver = await startReceiver();
        const line = await createPushLine(receiver, { pushConfig: { noWrapper: {} } });
        await line.publish({ data: Buffer.from('bare'), attributes: { a: '1' } });
        await receiver.received(1);
        const { headers, body } = receiver.pushes[0]!;
        expect(body.toString()).toBe('bare');
        expect(headers).not.toHaveProperty('a');
        expect(headers).not.toHaveProperty('x-goog-pubsub-message-id');
      });

      notOnEmulator('the emulator fails at attributes that are no headers')(
        'has metadata and attributes as headers where the subscription says so',
        async () => {
          const receiver = await startReceiver();
          const line = await createPushLine(receiver, { pushConfig: { noWrapper: { writeMetadata: true } } });
          const attributes = { colour: 'red', 'not a header': 'x', newline: 'a\nb' };
          const [messageId] = await line.publish({ data: Buffer.from('bare'), attributes, orderingKey: 'k' });
          await receiver.received(1);
          expect(receiver.pushes[0]?.headers).toMatchObject({
            colour: 'red',
            'x-goog-pubsub-message-id': messageId,
            'x-goog-pubsub-subscription-name': line.subscription,
            'x-goog-pubsub-publish-time': expect.stringMatching(rfc3339),
            'x-goog-pubsub-ordering-key': 'k',
          });
          expect(receiver.pushes[0]?.headers).not.toHaveProperty('newline');
        },
      );

      it.each([102, 200, 201, 202, 204])('that is answered with %i is acknowledged', async (status) => {
        const receiver = await startReceiver(status);
        const line = await createPushLine(receiver, { enableMessageOrdering: true });
        await line.publish(keyed('k', 'first'), keyed('k', 'second'));
        // The second of a key is pushed only once the first is acknowledged.
        await receiver.received(2);
        expect(receiver.pushes).toHaveLength(2);
      });
    });

    describe('a push subscription', () => {
      unlikeEmulator('the emulator lets it')('cannot be pulled', async () => {
        const line = await createPushLine(await startReceiver());
        await expect(line.pull()).rejects.toMatchObject({ code: 9 });
      });

      unlikeEmulator('the emulator lets it')('cannot have exactly-once delivery', async () => {
        const receiver = await startReceiver();
        await expect(createPushLine(receiver, { enableExactlyOnceDelivery: true })).rejects.toMatchObject({ code: 3 });
      });

      it('becomes a pull subscription with an empty push configuration', async () => {
        const line = await createPushLine(await startReceiver());
        await stopPushing(line);
        await line.publish('pulled');
        expect(textsOf(await line.receive(1))).toEqual(['pulled']);
      });

      it('pushes the backlog that it had as a pull subscription', async () => {
        const receiver = await startReceiver();
        const line = await fixture.createLine();
        await line.publish('backlog');
        await fixture.pubsub.subscription(line.subscription).modifyPushConfig({ pushEndpoint: receiver.url });
        await receiver.received(1);
        expect(JSON.parse(receiver.pushes[0]!.body.toString()).message.data).toBe(
          Buffer.from('backlog').toString('base64'),
        );
      });

      it('pushes to the new endpoint after an update', async () => {
        const [first, second] = [await startReceiver(), await startReceiver()];
        const line = await createPushLine(first);
        await fixture.subscriber.modifyPushConfig({
          subscription: line.subscription,
          pushConfig: { pushEndpoint: second.url },
        });
        await line.publish('moved');
        await second.received(1);
        expect(first.pushes).toEqual([]);
      });
    });
  },
);
