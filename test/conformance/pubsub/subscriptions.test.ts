import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PubsubFixture, startPubsubFixture, subscriptionPath, topicPath } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const seconds = (value: number) => ({ seconds: value, nanos: 0 });

describe('a subscription', () => {
  it('has the documented defaults', async () => {
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

  it('tells how long its topic keeps messages', async () => {
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
    await expect(fixture.subscriber.createSubscription(request)).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining('nowhere'),
    });
  });

  it.each([
    { field: 'ack_deadline_seconds', code: 3, settings: { ackDeadlineSeconds: 9 } },
    { field: 'ack_deadline_seconds', code: 3, settings: { ackDeadlineSeconds: 601 } },
    { field: 'message_retention_duration', code: 3, settings: { messageRetentionDuration: seconds(599) } },
    { field: 'message_retention_duration', code: 3, settings: { messageRetentionDuration: seconds(2_678_401) } },
    { field: 'expiration_policy', code: 3, settings: { expirationPolicy: { ttl: seconds(86_399) } } },
    { field: 'minimum_backoff', code: 3, settings: { retryPolicy: { minimumBackoff: seconds(601) } } },
    { field: 'maximum_backoff', code: 3, settings: { retryPolicy: { maximumBackoff: seconds(601) } } },
    { field: 'maximum_backoff', code: 3, settings: { retryPolicy: { maximumBackoff: seconds(9) } } },
    {
      field: 'max_delivery_attempts',
      code: 11,
      settings: { deadLetterPolicy: { deadLetterTopic: topicPath('abc'), maxDeliveryAttempts: 4 } },
    },
    {
      field: 'max_delivery_attempts',
      code: 11,
      settings: { deadLetterPolicy: { deadLetterTopic: topicPath('abc'), maxDeliveryAttempts: 101 } },
    },
    { field: 'push_endpoint', code: 3, settings: { pushConfig: { pushEndpoint: 'nowhere' } } },
    { field: 'filter', code: 3, settings: { filter: 'attributes.a' } },
    { field: 'bigquery_config', code: 12, settings: { bigqueryConfig: { table: 't' } } },
    { field: 'cloud_storage_config', code: 12, settings: { cloudStorageConfig: { bucket: 'b' } } },
    { field: 'message_transforms', code: 12, settings: { messageTransforms: [{}] } },
  ])('is refused with code $code for $settings', async ({ field, code, settings }) => {
    await expect(fixture.createLine(settings)).rejects.toMatchObject({ code, message: expect.stringContaining(field) });
  });

  it.each([
    { ackDeadlineSeconds: 10 },
    { ackDeadlineSeconds: 600 },
    { messageRetentionDuration: seconds(600) },
    { messageRetentionDuration: seconds(2_678_400) },
    { expirationPolicy: { ttl: seconds(86_400) } },
    { retryPolicy: { minimumBackoff: seconds(600), maximumBackoff: seconds(600) } },
  ])('is accepted with %j', async (settings) => {
    const line = await fixture.createLine(settings);
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

  it('has no messages and takes no pulls once it is detached', async () => {
    const line = await fixture.createLine();
    await fixture.pubsub.detachSubscription(line.subscription);
    const [subscription] = await fixture.subscriber.getSubscription({ subscription: line.subscription });
    const [attached] = await fixture.publisher.listTopicSubscriptions({ topic: line.topic });
    expect(subscription).toMatchObject({ detached: true, topic: line.topic });
    expect(attached).toEqual([]);
    await expect(line.pull()).rejects.toMatchObject({ code: 9 });
  });
});

describe('an update of a subscription', () => {
  it('changes what the mask names, through the client', async () => {
    const line = await fixture.createLine();
    const subscription = fixture.pubsub.subscription(line.subscription);
    await subscription.setMetadata({ ackDeadlineSeconds: 20, labels: { a: 'b' } });
    const [metadata] = await subscription.getMetadata();
    expect(metadata).toMatchObject({ ackDeadlineSeconds: 20, labels: { a: 'b' }, retainAckedMessages: false });
  });

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

  it('applies a shorter retention to what is there already', async () => {
    const line = await fixture.createLine();
    await line.publish('old');
    fixture.clock.advance(700_000);
    await fixture.subscriber.updateSubscription({
      subscription: { name: line.subscription, messageRetentionDuration: seconds(600) },
      updateMask: { paths: ['message_retention_duration'] },
    });
    expect(await line.pull()).toEqual([]);
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
      message: expect.stringContaining('update_mask'),
    });
  });
});
