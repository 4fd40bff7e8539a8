import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, textsOf } from './pubsub-fixture.ts';
import { createSeeks, publishAndAck } from './seeks.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    const { toSnapshot: seekToSnapshot, takeSnapshot } = createSeeks(() => fixture);

    describe('a seek to a snapshot', () => {
      it('restores what was unacknowledged then, and all that was published since', async () => {
        const line = await fixture.createLine();
        await publishAndAck(line, 'acked before');
        await line.publish('open');
        const snapshot = await takeSnapshot(line);
        await line.ack(...(await line.receive(1)));
        await publishAndAck(line, 'since');
        await seekToSnapshot(line, snapshot);
        expect(textsOf(await line.receive(2))).toEqual(['open', 'since']);
      });

      unlikeEmulator('the emulator does not filter')(
        'works for another subscription of the topic, through its filter',
        async () => {
          const line = await fixture.createLine();
          await line.publish({ attributes: { a: '1' } }, { attributes: { b: '1' } });
          const snapshot = await takeSnapshot(line);
          const other = `${line.subscription}-other`;
          await fixture.subscriber.createSubscription({ name: other, topic: line.topic, filter: 'attributes:b' });
          await fixture.subscriber.seek({ subscription: other, snapshot });
          const [response] = await fixture.subscriber.pull({
            subscription: other,
            maxMessages: 9,
            returnImmediately: true,
          });
          expect(response.receivedMessages?.map(({ message }) => message?.attributes)).toEqual([{ b: '1' }]);
        },
      );

      it('is refused for a subscription of another topic', async () => {
        const snapshot = await takeSnapshot(await fixture.createLine());
        const other = await fixture.createLine();
        await expect(seekToSnapshot(other, snapshot)).rejects.toMatchObject({ code: 9 });
      });

      it.each([
        false,
        true,
      ])('starts the delivery attempts again (retainAckedMessages: %s)', async (retainAckedMessages) => {
        const graveyard = await fixture.createLine();
        const deadLetterPolicy = { deadLetterTopic: graveyard.topic };
        const line = await fixture.createLine({ deadLetterPolicy, retainAckedMessages });
        await line.publish('tried');
        const snapshot = await takeSnapshot(line);
        await line.nack(...(await line.receive(1)));
        await line.ack(...(await line.receive(1)));
        await seekToSnapshot(line, snapshot);
        expect((await line.pull())[0]?.deliveryAttempt).toBe(1);
      });
    });

    describe('a snapshot', () => {
      unlikeEmulator('the emulator forgets the snapshot')('tells that its topic was deleted', async () => {
        const line = await fixture.createLine();
        const name = await takeSnapshot(line);
        await fixture.publisher.deleteTopic({ topic: line.topic });
        const [snapshot] = await fixture.subscriber.getSnapshot({ snapshot: name });
        expect(snapshot.topic).toBe('_deleted-topic_');
      });

      unlikeEmulator('the emulator does not update snapshots')('is listed, updated and deleted', async () => {
        const line = await fixture.createLine();
        const name = await takeSnapshot(line);
        const [updated] = await fixture.subscriber.updateSnapshot({
          snapshot: { name, labels: { a: 'b' } },
          updateMask: { paths: ['labels'] },
        });
        const [ofTopic] = await fixture.publisher.listTopicSnapshots({ topic: line.topic });
        const [all] = await fixture.subscriber.listSnapshots({ project: 'projects/local-project' });
        await fixture.subscriber.deleteSnapshot({ snapshot: name });
        expect(updated).toMatchObject({ name, topic: line.topic, labels: { a: 'b' } });
        expect(ofTopic).toEqual([name]);
        expect(all.map((snapshot) => snapshot.name)).toContain(name);
        await expect(fixture.subscriber.getSnapshot({ snapshot: name })).rejects.toMatchObject({ code: 5 });
      });

      unlikeEmulator('the emulator does not update snapshots')('always has a time at which it expires', async () => {
        const name = await takeSnapshot(await fixture.createLine());
        const update = fixture.subscriber.updateSnapshot({
          snapshot: { name },
          updateMask: { paths: ['expire_time'] },
        });
        await expect(update).rejects.toMatchObject({ code: 3, message: expect.stringContaining('expire_time') });
        await expect(fixture.subscriber.getSnapshot({ snapshot: name })).resolves.toBeDefined();
      });

      it('is created once', async () => {
        const line = await fixture.createLine();
        const name = await takeSnapshot(line);
        const again = fixture.subscriber.createSnapshot({ name, subscription: line.subscription });
        await expect(again).rejects.toMatchObject({ code: 6 });
      });
    });
  },
);
