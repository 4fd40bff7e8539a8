import { inlineDeadLetterBytes } from '../execution/dead-letter.ts';
import type { Delivery } from '../execution/delivery.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import { identifyMessage } from '../execution/identify-message.ts';
import { objectNames } from '../execution/object-names.ts';
import type { TopicName } from '../infra/topology.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import type { ObjectStore } from './object-store.ts';
import type { Publisher } from './publisher.ts';

export interface DeadLetterPublisherOptions {
  readonly publisher: Publisher;
  readonly objects: ObjectStore;
  /** Topic that the message came from. */
  readonly sourceTopic: TopicName;
  readonly deadLetterTopic: TopicName;
  /** CloudEvents source. */
  readonly source: string;
  readonly now: () => number;
}

/**
 * Publishes what cannot be processed to its dead-letter topic, with the reason. The id follows from the delivery, so
 * a repetition is the same dead letter.
 */
export const createDeadLetterPublisher =
  ({ publisher, objects, sourceTopic, deadLetterTopic, source, now }: DeadLetterPublisherOptions) =>
  async (delivery: Delivery, code: ErrorCode, reason: string): Promise<void> => {
    const deadLetterId = `${sourceTopic}-${delivery.messageId}`;
    const isSmall = delivery.data.byteLength <= inlineDeadLetterBytes;
    const deadLetteredAt = new Date(now()).toISOString();
    const message = {
      deadLetterId,
      code,
      reason: reason.slice(0, 8192),
      source: {
        topic: sourceTopic,
        subscription: delivery.subscription,
        messageId: delivery.messageId,
        publishTime: new Date(delivery.publishedAt).toISOString(),
        ...(delivery.orderingKey && { orderingKey: delivery.orderingKey }),
      },
      attributes: { ...delivery.attributes },
      ...(isSmall
        ? { data: Buffer.from(delivery.data).toString('base64') }
        : { dataRef: await objects.write(objectNames.deadLetter(deadLetterId), delivery.data) }),
      deliveryAttempts: delivery.deliveryAttempt,
      deadLetteredAt,
      ...identifyMessage(delivery),
    };
    await publisher.publish(
      deadLetterTopic,
      encodeMessage('dead-letter.v1', message, { id: deadLetterId, source, time: deadLetteredAt }),
    );
  };
