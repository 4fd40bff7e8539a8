import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, projectId, textsOf, topicPath } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    const seconds = (value: number) => ({ seconds: value, nanos: 0 });

    describe('a topic', () => {
      it('is created once', async () => {
        const name = topicPath('twice');
        await fixture.publisher.createTopic({ name });
        await expect(fixture.publisher.createTopic({ name })).rejects.toMatchObject({ code: 6 });
      });

      unlikeEmulator('the emulator tells no state')('is found with its settings', async () => {
        const name = topicPath('settings');
        await fixture.publisher.createTopic({
          name,
          labels: { team: 'a' },
          kmsKeyName: 'key',
          messageRetentionDuration: seconds(600),
        });
        const [topic] = await fixture.publisher.getTopic({ topic: name });
        expect(topic).toMatchObject({
          name,
          labels: { team: 'a' },
          kmsKeyName: 'key',
          messageRetentionDuration: { seconds: '600' },
          state: 'ACTIVE',
        });
      });

      it.each(['ab', '1abc', 'googtopic', 'with space', `a${'b'.repeat(255)}`])('may not be named %s', async (id) => {
        await expect(fixture.publisher.createTopic({ name: topicPath(id) })).rejects.toMatchObject({
          code: 3,
          message: expect.stringContaining('name'),
        });
      });

      it.each(['abc', `a${'b'.repeat(254)}`, 'a-b_c.d~e+f%'])('may be named %s', async (id) => {
        const [topic] = await fixture.publisher.createTopic({ name: topicPath(id) });
        expect(topic.name).toBe(topicPath(id));
      });

      unlikeEmulator('the emulator does not update labels')(
        'changes in the fields that the mask names, and only in these',
        async () => {
          const name = topicPath('updated');
          await fixture.publisher.createTopic({ name, labels: { a: '1' }, kmsKeyName: 'key' });
          const [topic] = await fixture.publisher.updateTopic({
            topic: { name, labels: { b: '2' }, kmsKeyName: 'other' },
            updateMask: { paths: ['labels'] },
          });
          expect(topic).toMatchObject({ labels: { b: '2' }, kmsKeyName: 'key' });
        },
      );

      unlikeEmulator('the emulator takes them').each([
        { labels: { Upper: 'a' } },
        { labels: { '1': 'a' } },
        { labels: { a: 'with space' } },
        { labels: { ['a'.repeat(64)]: 'a' } },
      ])('is refused for $labels', async ({ labels }) => {
        const create = fixture.publisher.createTopic({ name: topicPath('labelled'), labels });
        await expect(create).rejects.toMatchObject({ code: 3, message: expect.stringContaining('labels') });
      });

      it.each([599, 2_678_401])('may not keep messages for %i s', async (retained) => {
        const settings = { messageRetentionDuration: seconds(retained) };
        const create = fixture.publisher.createTopic({ name: topicPath('retained'), ...settings });
        await expect(create).rejects.toMatchObject({ code: 3 });
      });

      it('leaves its subscriptions and their messages behind when it is deleted', async () => {
        const line = await fixture.createLine();
        await line.publish('orphan');
        await fixture.publisher.deleteTopic({ topic: line.topic });
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription.topic).toBe('_deleted-topic_');
        expect(textsOf(await line.receive(1))).toEqual(['orphan']);
      });

      it('that is created again does not take back the subscriptions of the deleted one', async () => {
        const line = await fixture.createLine();
        await fixture.publisher.deleteTopic({ topic: line.topic });
        await fixture.publisher.createTopic({ name: line.topic });
        await line.publish('for nobody');
        expect(await line.pull()).toEqual([]);
      });

      it.each([
        ['getTopic', () => fixture.publisher.getTopic({ topic: topicPath('nowhere') })],
        ['deleteTopic', () => fixture.publisher.deleteTopic({ topic: topicPath('nowhere') })],
        [
          'publish',
          () => fixture.publisher.publish({ topic: topicPath('nowhere'), messages: [{ data: Buffer.from('x') }] }),
        ],
      ])('that does not exist is NOT_FOUND for %s', async (_method, call) => {
        await expect(call()).rejects.toMatchObject({ code: 5 });
      });
    });

    describe('a listing', () => {
      it('has the resources of its project in pages, ordered by name', async () => {
        const ids = ['page-c', 'page-a', 'page-b'];
        for (const id of ids) await fixture.publisher.createTopic({ name: `projects/paged/topics/${id}` });
        const list = (pageToken: string) =>
          fixture.publisher.listTopics({ project: 'projects/paged', pageSize: 2, pageToken }, { autoPaginate: false });
        const [first, , firstResponse] = await list('');
        const [second, , secondResponse] = await list(firstResponse.nextPageToken ?? '');
        expect(first.map(({ name }) => name)).toEqual(['projects/paged/topics/page-a', 'projects/paged/topics/page-b']);
        expect(second.map(({ name }) => name)).toEqual(['projects/paged/topics/page-c']);
        expect(secondResponse.nextPageToken).toBe('');
      });

      unlikeEmulator('the emulator begins again')('refuses a page token that it did not give', async () => {
        const list = fixture.publisher.listTopics(
          { project: 'projects/paged', pageToken: 'made-up' },
          { autoPaginate: false },
        );
        await expect(list).rejects.toMatchObject({ code: 3, message: expect.stringContaining('page_token') });
      });

      it('of subscriptions is per project and per topic', async () => {
        const line = await fixture.createLine();
        const [all] = await fixture.subscriber.listSubscriptions({ project: `projects/${projectId}` });
        const [ofTopic] = await fixture.publisher.listTopicSubscriptions({ topic: line.topic });
        expect(all.map(({ name }) => name)).toContain(line.subscription);
        expect(ofTopic).toEqual([line.subscription]);
      });

      unlikeEmulator('the emulator takes it')('refuses a negative page size', async () => {
        const list = fixture.publisher.listTopics({ project: 'projects/paged', pageSize: -1 }, { autoPaginate: false });
        await expect(list).rejects.toMatchObject({ code: 3 });
      });
    });
  },
);
