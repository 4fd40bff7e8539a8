import { AckResponses, type Message } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    const exactlyOnce = { enableExactlyOnceDelivery: true, ackDeadlineSeconds: 10 };

    describe('with exactly-once delivery', () => {
      it('a second acknowledgement fails', async () => {
        const line = await fixture.createLine(exactlyOnce);
        await line.publish('once');
        const messages = await line.pull();
        await line.ack(...messages);
        await expect(line.ack(...messages)).rejects.toMatchObject({ reason: 'EXACTLY_ONCE_ACKID_FAILURE' });
      });

      it('the client is told that its acknowledgement succeeded', async () => {
        const line = await fixture.createLine(exactlyOnce);
        const subscription = fixture.pubsub.subscription(line.subscription);
        const response = new Promise<string>((resolve, reject) => {
          subscription.on('message', (message: Message) => message.ackWithResponse().then(resolve, reject));
        });
        await line.publish('confirmed');
        expect(await response).toBe(AckResponses.Success);
        await subscription.close();
      });
    });
  },
);
