import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    describe('a subscription with a filter', () => {
      unlikeEmulator('the emulator does not filter')('gets only the messages whose attributes match', async () => {
        const line = await fixture.createLine({ filter: 'attributes.type = "created" AND NOT attributes:test' });
        await line.publish(
          { attributes: { type: 'created', n: '1' } },
          { attributes: { type: 'created', test: '' } },
          { attributes: { type: 'deleted' } },
          'no attributes',
        );
        const messages = await line.pull();
        expect(messages.map(({ message }) => message?.attributes)).toEqual([{ type: 'created', n: '1' }]);
      });

      it('tells its filter', async () => {
        const line = await fixture.createLine({ filter: 'attributes:a' });
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription.filter).toBe('attributes:a');
      });

      unlikeEmulator('the emulator does not filter')('is not created when the filter is not understood', async () => {
        await expect(fixture.createLine({ filter: 'attributes.a >= "1"' })).rejects.toMatchObject({
          code: 3,
          message: expect.stringContaining('filter'),
        });
      });

      unlikeEmulator('the emulator does not filter')(
        'does not let messages that do not match hold up an ordering key',
        async () => {
          const line = await fixture.createLine({ filter: 'attributes:wanted', enableMessageOrdering: true });
          const wanted = { attributes: { wanted: '1' }, orderingKey: 'k' };
          await line.publish({ attributes: { other: '1' }, orderingKey: 'k' }, wanted);
          expect(await line.pull()).toHaveLength(1);
        },
      );
    });
  },
);
