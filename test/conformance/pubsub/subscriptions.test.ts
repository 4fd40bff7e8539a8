import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, subscriptionPath, topicPath } from './pubsub-fixture.ts';

interface Refusal {
  readonly what: string;
  readonly field: string;
  readonly code: number;
  readonly settings: object;
}

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

    const labelsOf = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, 'v']));

    describe('a subscription', () => {
      unlikeEmulator('the emulator tells neither state nor expiration')('has the documented defaults', async () => {
        const line = await fixture.createLine();
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription).toMatchObject({
          name: line.subscription,
          topic: line.topic,
          ackDeadlineSeconds: 10,
          messageRetentionDuration: { seconds: '604800' },
          expirationPolicy: { ttl: { seconds: '2678400' } },
          retainAckedMessages: false,
          enableMessageOrdering: false,
          enableExactlyOnceDelivery: false,
          deadLetterPolicy: null,
          retryPolicy: null,
          pushConfig: { pushEndpoint: '' },
          state: 'ACTIVE',
        });
      });

      it('keeps an expiration policy that says never', async () => {
        const line = await fixture.createLine({ expirationPolicy: {} });
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription.expirationPolicy).toEqual({ ttl: null });
      });

      it('gets the default back-offs for an empty retry policy', async () => {
        const line = await fixture.createLine({ retryPolicy: {} });
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription.retryPolicy).toMatchObject({
          minimumBackoff: { seconds: '10' },
          maximumBackoff: { seconds: '600' },
        });
      });

      unlikeEmulator('the emulator does not tell')('tells how long its topic keeps messages', async () => {
        const line = await fixture.createLine({}, { messageRetentionDuration: seconds(900) });
        const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
        expect(subscription.topicMessageRetentionDuration).toMatchObject({ seconds: '900' });
      });

      it('gets a name when it is created without one', async () => {
        const line = await fixture.createLine();
        const [subscription] = await fixture.subscriber.createSubscription({ topic: line.topic });
        expect(subscription.name).toMatch(/^projects\/local-project\/subscriptions\/.+/);
      });

      it('is created once', async () => {
        const line = await fixture.createLine();
        const again = fixture.subscriber.createSubscription({ name: line.subscription, topic: line.topic });
        await expect(again).rejects.toMatchObject({ code: 6 });
      });

      it.each([
        ['topic', { topic: topicPath('nowhere') }],
        ['dead letter topic', { deadLetterPolicy: { deadLetterTopic: topicPath('nowhere') } }],
      ])('cannot be created when its %s does not exist', async (_what, settings) => {
        const line = await fixture.createLine();
        const request = { name: subscriptionPath('unborn'), topic: line.topic, ...settings };
        await expect(fixture.subscriber.createSubscription(request)).rejects.toMatchObject({ code: 5 });
      });

      const graveyard = topicPath('graveyard');
      const attempts = (maxDeliveryAttempts: number) => ({
        deadLetterPolicy: { deadLetterTopic: graveyard, maxDeliveryAttempts },
      });
      const refused: readonly Refusal[] = [
        {
          what: 'messages that are kept for 599 s',
          field: 'message_retention_duration',
          code: 3,
          settings: { messageRetentionDuration: seconds(599) },
        },
        {
          what: 'messages that are kept for 31 days and a second',
          field: 'message_retention_duration',
          code: 3,
          settings: { messageRetentionDuration: seconds(2_678_401) },
        },
        {
          what: 'a minimum back-off of 601 s',
          field: 'minimum_backoff',
          code: 3,
          settings: { retryPolicy: { minimumBackoff: seconds(601) } },
        },
        {
          what: 'a maximum back-off of 601 s',
          field: 'maximum_backoff',
          code: 3,
          settings: { retryPolicy: { maximumBackoff: seconds(601) } },
        },
        {
          what: 'a maximum back-off below the minimum',
          field: 'maximum_backoff',
          code: 3,
          settings: { retryPolicy: { maximumBackoff: seconds(9) } },
        },
        { what: '4 delivery attempts', field: 'max_delivery_attempts', code: 11, settings: attempts(4) },
        { what: '101 delivery attempts', field: 'max_delivery_attempts', code: 11, settings: attempts(101) },
        {
          what: 'a push endpoint that is no URL',
          field: 'push_endpoint',
          code: 3,
          settings: { pushConfig: { pushEndpoint: 'nowhere' } },
        },
        { what: 'a name of two letters', field: 'name', code: 3, settings: { name: subscriptionPath('ab') } },
        {
          what: 'a name that begins with goog',
          field: 'name',
          code: 3,
          settings: { name: subscriptionPath('google') },
        },
      ];
      const refusedHere: readonly Refusal[] = [
        { what: 'an ack deadline of 9 s', field: 'ack_deadline_seconds', code: 3, settings: { ackDeadlineSeconds: 9 } },
        {
          what: 'an ack deadline of 601 s',
          field: 'ack_deadline_seconds',
          code: 3,
          settings: { ackDeadlineSeconds: 601 },
        },
        {
          what: 'a time to live of a second less than a day',
          field: 'expiration_policy',
          code: 3,
          settings: { expirationPolicy: { ttl: seconds(86_399) } },
        },
        { what: 'a filter that is not understood', field: 'filter', code: 3, settings: { filter: 'attributes.a' } },
        { what: 'a label with a capital letter', field: 'labels', code: 3, settings: { labels: { Upper: 'a' } } },
        { what: 'a label value of 64 letters', field: 'labels', code: 3, settings: { labels: { a: 'x'.repeat(64) } } },
        { what: '65 labels', field: 'labels', code: 3, settings: { labels: labelsOf(65) } },
        {
          what: 'a token of nobody',
          field: 'service_account_email',
          code: 3,
          settings: { pushConfig: { pushEndpoint: 'http://127.0.0.1:1/', oidcToken: {} } },
        },
      ];

      async function createWith(settings: object): Promise<unknown> {
        const line = await fixture.createLine();
        await fixture.publisher.createTopic({ name: graveyard }).catch(() => undefined);
        return fixture.subscriber.createSubscription({
          name: `${line.subscription}-refused`,
          topic: line.topic,
          ...settings,
        });
      }

      async function isRefused({ field, code, settings }: Refusal): Promise<void> {
        await expect(createWith(settings)).rejects.toMatchObject({ code, message: expect.stringContaining(field) });
      }

      it.each(refused)('is refused with code $code for $what, and told that it is $field', isRefused);

      unlikeEmulator('the emulator takes these, or does not name the field').each(refusedHere)(
        'is refused with code $code for $what, and told that it is $field',
        isRefused,
      );

      it.each([
        ['an ack deadline of 10 s', { ackDeadlineSeconds: 10 }],
        ['an ack deadline of 600 s', { ackDeadlineSeconds: 600 }],
        ['messages that are kept for 600 s', { messageRetentionDuration: seconds(600) }],
        ['a time to live of a day', { expirationPolicy: { ttl: seconds(86_400) } }],
        ['back-offs of 600 s', { retryPolicy: { minimumBackoff: seconds(600), maximumBackoff: seconds(600) } }],
        ['64 labels', { labels: labelsOf(64) }],
        ['label keys and values of 63 letters', { labels: { a: 'x'.repeat(63), ['y'.repeat(63)]: '' } }],
      ])('is accepted with %s', async (_what, settings) => {
        const line = await fixture.createLine(settings);
        expect(line.subscription).toBeDefined();
      });

      unlikeEmulator('the emulator takes 7 days at most')('may keep messages for 31 days', async () => {
        const line = await fixture.createLine({ messageRetentionDuration: seconds(2_678_400) });
        expect(line.subscription).toBeDefined();
      });

      it('is gone with its messages after it is deleted', async () => {
        const line = await fixture.createLine();
        await line.publish('dropped');
        await fixture.subscriber.deleteSubscription({ subscription: line.subscription });
        const [ofTopic] = await fixture.publisher.listTopicSubscriptions({ topic: line.topic });
        await fixture.subscriber.createSubscription({ name: line.subscription, topic: line.topic });
        expect(ofTopic).toEqual([]);
        expect(await line.pull()).toEqual([]);
      });

      unlikeEmulator('the emulator does not detach')(
        'has no messages and takes no pulls once it is detached',
        async () => {
          const line = await fixture.createLine();
          await fixture.pubsub.detachSubscription(line.subscription);
          const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
          const [attached] = await fixture.publisher.listTopicSubscriptions({ topic: line.topic });
          expect(subscription).toMatchObject({ detached: true, topic: line.topic });
          expect(attached).toEqual([]);
          await expect(line.pull()).rejects.toMatchObject({ code: 9 });
        },
      );
    });

    describe('an update of a subscription', () => {
      unlikeEmulator('the emulator does not update labels')(
        'changes what the mask names, through the client',
        async () => {
          const line = await fixture.createLine();
          const subscription = fixture.pubsub.subscription(line.subscription);
          await subscription.setMetadata({ ackDeadlineSeconds: 20, labels: { a: 'b' } });
          const [metadata] = await subscription.getMetadata();
          expect(metadata).toMatchObject({ ackDeadlineSeconds: 20, labels: { a: 'b' }, retainAckedMessages: false });
        },
      );

      it('takes a policy away when the field is left empty', async () => {
        const line = await fixture.createLine({ retryPolicy: {} });
        const [subscription] = await fixture.subscriber.updateSubscription({
          subscription: { name: line.subscription },
          updateMask: { paths: ['retry_policy'] },
        });
        expect(subscription.retryPolicy).toBeNull();
      });

      it('checks the new values as creation does', async () => {
        const line = await fixture.createLine();
        const request = {
          subscription: { name: line.subscription, ackDeadlineSeconds: 601 },
          updateMask: { paths: ['ack_deadline_seconds'] },
        };
        await expect(fixture.subscriber.updateSubscription(request)).rejects.toMatchObject({ code: 3 });
      });

      it.each([
        { paths: [] },
        { paths: ['topic'] },
        { paths: ['filter'] },
        { paths: ['enable_message_ordering'] },
        { paths: ['ackDeadlineSeconds'] },
        { paths: ['nothing'] },
        { paths: ['constructor'] },
      ])('is refused for the mask %j', async (updateMask) => {
        const line = await fixture.createLine();
        const request = { subscription: { name: line.subscription, filter: 'attributes:a' }, updateMask };
        await expect(fixture.subscriber.updateSubscription(request)).rejects.toMatchObject({
          code: 3,
        });
      });
    });
  },
);
