import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators, type StartedServer } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import {
  createGeneratedClients,
  createLine,
  type GeneratedClients,
  type Line,
  snapshotPath,
  subscriptionPath,
  textsOf,
  topicPath,
} from './pubsub-fixture.ts';

/** The same checks against this server and, where it is installed, Google's emulator: what they share is not our opinion. */
onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start }) => {
    let server: StartedServer;
    let clients: GeneratedClients;
    let lines = 0;
    beforeAll(async () => {
      server = await start();
      clients = createGeneratedClients(server);
    });
    afterAll(async () => {
      await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
      await server.close();
    });

    function newLine(settings: object = {}): Promise<Line> {
      lines += 1;
      return createLine(clients, `agreement-${lines}`, settings);
    }

    /** The next message, however long it takes. */
    async function receive(line: Line) {
      const [response] = await clients.subscriber.pull({ subscription: line.subscription, maxMessages: 1 });
      return response.receivedMessages![0]!;
    }

    it('a message is delivered with what was published', async () => {
      const line = await newLine();
      const [id] = await line.publish({ data: Buffer.from('hello'), attributes: { a: '1' }, orderingKey: 'k' });
      const received = await receive(line);
      expect(textsOf([received])).toEqual(['hello']);
      expect(received).toMatchObject({
        deliveryAttempt: 0,
        message: { messageId: id, attributes: { a: '1' }, orderingKey: 'k' },
      });
    });

    it('a nacked message comes again', async () => {
      const line = await newLine();
      await line.publish('again');
      await line.nack(await receive(line));
      expect(textsOf([await receive(line)])).toEqual(['again']);
    });

    it('an acknowledgement may be repeated', async () => {
      const line = await newLine();
      await line.publish('done');
      const message = await receive(line);
      await line.ack(message);
      await expect(line.ack(message)).resolves.toBeUndefined();
    });

    it('a repeated acknowledgement fails under exactly-once delivery, with the id and the reason', async () => {
      const line = await newLine({ enableExactlyOnceDelivery: true });
      await line.publish('once');
      const message = await receive(line);
      await line.ack(message);
      await expect(line.ack(message)).rejects.toMatchObject({
        code: 3,
        reason: 'EXACTLY_ONCE_ACKID_FAILURE',
        domain: 'pubsub.googleapis.com',
        errorInfoMetadata: { [message.ackId!]: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
      });
    });

    it('a seek to a snapshot brings back what was open when it was taken', async () => {
      const line = await newLine();
      await line.publish('open');
      const name = snapshotPath('agreement');
      await clients.subscriber.createSnapshot({ name, subscription: line.subscription });
      await line.ack(await receive(line));
      await clients.subscriber.seek({ subscription: line.subscription, snapshot: name });
      expect(textsOf([await receive(line)])).toEqual(['open']);
    });

    it('a subscription outlives its topic', async () => {
      const line = await newLine();
      await clients.publisher.deleteTopic({ topic: line.topic });
      const [subscription] = await clients.subscriber.getSubscription({ subscription: line.subscription });
      expect(subscription.topic).toBe('_deleted-topic_');
    });

    it('a subscription has these defaults', async () => {
      const line = await newLine({ retryPolicy: {}, deadLetterPolicy: { deadLetterTopic: (await newLine()).topic } });
      const [subscription] = await clients.subscriber.getSubscription({ subscription: line.subscription });
      expect(subscription).toMatchObject({
        ackDeadlineSeconds: 10,
        messageRetentionDuration: { seconds: '604800', nanos: 0 },
        retryPolicy: { minimumBackoff: { seconds: '10' }, maximumBackoff: { seconds: '600' } },
        deadLetterPolicy: { maxDeliveryAttempts: 5 },
        pushConfig: { pushEndpoint: '' },
      });
    });

    const nowhere = 'nowhere-at-all';
    it.each([
      ['a topic that exists', 6, (line: Line) => clients.publisher.createTopic({ name: line.topic })],
      ['a topic named ab', 3, () => clients.publisher.createTopic({ name: topicPath('ab') })],
      ['a topic named goog…', 3, () => clients.publisher.createTopic({ name: topicPath('google') })],
      ['a topic that does not exist', 5, () => clients.publisher.getTopic({ topic: topicPath(nowhere) })],
      ['publishing nothing', 3, (line: Line) => line.publish()],
      ['publishing an empty message', 3, (line: Line) => line.publish({ orderingKey: 'k' })],
      ['publishing 1,001 messages', 3, (line: Line) => line.publish(...Array.from({ length: 1_001 }, () => 'x'))],
      [
        'pulling where nothing is',
        5,
        () => clients.subscriber.pull({ subscription: subscriptionPath(nowhere), maxMessages: 1 }),
      ],
      ['pulling 0 messages', 3, (line: Line) => line.pull(0)],
      ['acknowledging nothing', 3, (line: Line) => line.ack()],
      ['acknowledging a made-up id', 3, (line: Line) => line.ack({ ackId: 'made-up' })],
      ['an ack deadline of 601 s', 3, () => newLine({ ackDeadlineSeconds: 601 })],
      ['a retention of 599 s', 3, () => newLine({ messageRetentionDuration: { seconds: 599 } })],
      ['a back-off of 601 s', 3, () => newLine({ retryPolicy: { maximumBackoff: { seconds: 601 } } })],
      [
        '4 delivery attempts',
        11,
        (line: Line) => newLine({ deadLetterPolicy: { deadLetterTopic: line.topic, maxDeliveryAttempts: 4 } }),
      ],
      ['no dead letter topic', 5, () => newLine({ deadLetterPolicy: { deadLetterTopic: topicPath(nowhere) } })],
      ['a push endpoint without scheme', 3, () => newLine({ pushConfig: { pushEndpoint: 'endpoint' } })],
      ['an empty update mask', 3, (line: Line) => update(line, [])],
      ['an unknown field in the update mask', 3, (line: Line) => update(line, ['nothing'])],
      ['an update of the topic', 3, (line: Line) => update(line, ['topic'])],
      ['a part of a field in the update mask', 3, (line: Line) => update(line, ['retry_policy.minimum_backoff'])],
      ['a seek without target', 3, (line: Line) => clients.subscriber.seek({ subscription: line.subscription })],
      [
        'a seek to a snapshot that does not exist',
        5,
        (line: Line) => clients.subscriber.seek({ subscription: line.subscription, snapshot: snapshotPath(nowhere) }),
      ],
    ] as const)('%s is refused with code %i', async (_what, code, call) => {
      const line = await newLine();
      await expect(call(line)).rejects.toMatchObject({ code });
    });

    function update(line: Line, paths: readonly string[]): Promise<unknown> {
      const request = { subscription: { name: line.subscription }, updateMask: { paths: [...paths] } };
      return clients.subscriber.updateSubscription(request);
    }
  },
);
