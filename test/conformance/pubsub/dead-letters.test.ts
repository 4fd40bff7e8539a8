import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, type Line, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start }) => {
    let fixture: ConnectedPubsub;
    let graveyard: Line;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    async function createLineWithPolicy(settings: object = {}): Promise<Line> {
      graveyard = await fixture.createLine();
      return fixture.createLine({
        deadLetterPolicy: { deadLetterTopic: graveyard.topic, maxDeliveryAttempts: 5 },
        ...settings,
      });
    }

    async function failTimes(line: Line, times: number): Promise<void> {
      for (let time = 0; time < times; time++) await line.nack(...(await line.receive(1)));
    }

    describe('the delivery attempt', () => {
      it('is 0 without a dead-letter policy', async () => {
        const line = await fixture.createLine();
        await line.publish('plain');
        await failTimes(line, 2);
        expect((await line.pull())[0]?.deliveryAttempt).toBe(0);
      });
    });

    describe('a message that fails', () => {
      it('one time less than the policy allows stays', async () => {
        const line = await createLineWithPolicy();
        await line.publish('nearly dead');
        await failTimes(line, 4);
        expect(await graveyard.pull()).toEqual([]);
        expect(textsOf(await line.receive(1))).toEqual(['nearly dead']);
      });

      it('as often as the policy allows moves to the dead-letter topic', async () => {
        const line = await createLineWithPolicy();
        await line.publish('dead');
        await failTimes(line, 5);
        expect(await line.pull()).toEqual([]);
        expect(textsOf(await graveyard.receive(1))).toEqual(['dead']);
      });

      it('stays when the dead-letter topic is gone', async () => {
        const line = await createLineWithPolicy();
        await line.publish('undead');
        await fixture.publisher.deleteTopic({ topic: graveyard.topic });
        await failTimes(line, 6);
        expect((await line.pull())[0]).toMatchObject({ deliveryAttempt: 7 });
      });

      it('lets the next one of its ordering key through when it moves', async () => {
        const line = await createLineWithPolicy({ enableMessageOrdering: true });
        const [first, second] = [Buffer.from('first'), Buffer.from('second')];
        await line.publish({ orderingKey: 'k', data: first }, { orderingKey: 'k', data: second });
        await failTimes(line, 5);
        expect(textsOf(await line.receive(1))).toEqual(['second']);
      });
    });
  },
);
