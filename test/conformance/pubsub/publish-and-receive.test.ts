import type { Message } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, notOnEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    describe('a published message', () => {
      it('reaches every subscription of its topic once', async () => {
        const line = await fixture.createLine();
        const second = `${line.subscription}-second`;
        await fixture.subscriber.createSubscription({ name: second, topic: line.topic });
        await line.publish('for all');
        const [response] = await fixture.subscriber.pull({
          subscription: second,
          maxMessages: 10,
          returnImmediately: true,
        });
        expect(textsOf(await line.receive(1))).toEqual(['for all']);
        expect(textsOf(response.receivedMessages ?? [])).toEqual(['for all']);
      });

      it('does not reach a subscription that is created after it', async () => {
        const line = await fixture.createLine();
        await line.publish('early');
        const late = `${line.subscription}-late`;
        await fixture.subscriber.createSubscription({ name: late, topic: line.topic });
        const [response] = await fixture.subscriber.pull({
          subscription: late,
          maxMessages: 10,
          returnImmediately: true,
        });
        expect(response.receivedMessages).toEqual([]);
      });

      it('has an id that is greater than those before it', async () => {
        const line = await fixture.createLine();
        const ids = [...(await line.publish('a', 'b')), ...(await line.publish('c'))].map(BigInt);
        expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)));
        expect(new Set(ids).size).toBe(3);
      });
    });

    describe('many messages', () => {
      it('all arrive exactly once through the client with its defaults', async () => {
        const [topic] = await fixture.pubsub.createTopic('many');
        const [subscription] = await topic.createSubscription('many');
        const expected = Array.from({ length: 500 }, (_, index) => `message ${index}`);
        const received: string[] = [];
        const complete = new Promise<void>((resolve) => {
          subscription.on('message', (message: Message) => {
            received.push(message.data.toString());
            message.ack();
            if (received.length === expected.length) resolve();
          });
        });
        await Promise.all(expected.map((text) => topic.publishMessage({ data: Buffer.from(text) })));
        await complete;
        await subscription.close();
        expect(received.sort()).toEqual([...expected].sort());
      });
    });

    describe('a pull request', () => {
      it('waits for a message that is published later', async () => {
        const line = await fixture.createLine();
        const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
        await line.publish('later');
        const [response] = await pulling;
        expect(textsOf(response.receivedMessages ?? [])).toEqual(['later']);
      });

      notOnEmulator('the emulator answers an empty pull at once, and too late when it is busy')(
        'that the client gives up takes no messages',
        async () => {
          const line = await fixture.createLine();
          const request = { subscription: line.subscription, maxMessages: 10 };
          const givenUp = fixture.subscriber.pull(request, { timeout: 50, retry: null });
          await expect(givenUp).rejects.toMatchObject({ code: 4 });
          await line.publish('for another');
          expect(textsOf(await line.receive(1))).toEqual(['for another']);
        },
      );

      notOnEmulator('the emulator answers late')('waits no longer when the subscription is deleted', async () => {
        const line = await fixture.createLine();
        const pulling = fixture.subscriber.pull({ subscription: line.subscription, maxMessages: 10 });
        await fixture.subscriber.getSubscription({ subscription: line.subscription });
        await Promise.all([
          expect(pulling).rejects.toMatchObject({ code: 5 }),
          fixture.subscriber.deleteSubscription({ subscription: line.subscription }),
        ]);
      });

      it('returns no more than it asked for', async () => {
        const line = await fixture.createLine();
        await line.publish('a', 'b', 'c');
        expect(textsOf(await line.pull(2))).toEqual(['a', 'b']);
        expect(textsOf(await line.pull(2))).toEqual(['c']);
      });

      it('needs a positive number of messages', async () => {
        const line = await fixture.createLine();
        await expect(line.pull(0)).rejects.toMatchObject({ code: 3, message: expect.stringContaining('max_messages') });
      });

      it('of an unknown subscription is NOT_FOUND', async () => {
        const subscription = 'projects/local-project/subscriptions/nowhere';
        await expect(fixture.subscriber.pull({ subscription, maxMessages: 1 })).rejects.toMatchObject({ code: 5 });
      });
    });
  },
);
