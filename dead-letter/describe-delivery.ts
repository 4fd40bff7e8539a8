import type { Delivery } from '../execution/delivery.ts';
import { identifyMessage } from '../execution/identify-message.ts';
import type { DeadLetter } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';

/** A dead letter without its bytes, which stand in it or in the bucket. */
export type DeadLetterHead = Omit<DeadLetter, 'data' | 'dataRef'>;

/** What a delivery of a dead-letter topic is: a report with a reason, or a message that Pub/Sub gave up on. */
export type DescribedDelivery =
  | { readonly kind: 'report'; readonly deadLetter: DeadLetter }
  | { readonly kind: 'forwarded'; readonly head: DeadLetterHead };

/** Attributes that Pub/Sub adds to what it forwards (https://cloud.google.com/pubsub/docs/handling-failures). */
const forwardingPrefix = 'CloudPubSubDeadLetter';
const deliveryCount = `${forwardingPrefix}SourceDeliveryCount`;
const sourceSubscription = `${forwardingPrefix}SourceSubscription`;
const sourcePublishTime = `${forwardingPrefix}SourceTopicPublishTime`;

/** Names what arrived at a dead-letter topic; total. `topicOf` knows which topic a subscription reads. */
export function describeDelivery(
  delivery: Delivery,
  now: number,
  topicOf: (subscription: string) => string,
): DescribedDelivery {
  const report = parseMessage('dead-letter.v1', delivery.data, delivery.attributes);
  if (report.ok && delivery.attributes.type === 'dead-letter.v1') return { kind: 'report', deadLetter: report.message };
  const { attributes } = delivery;
  const subscription = attributes[sourceSubscription] ?? delivery.subscription;
  const deliveryAttempts = Number(attributes[deliveryCount] ?? 0);
  const { executionId, sessionId } = identifyMessage(delivery);
  return {
    kind: 'forwarded',
    head: {
      deadLetterId: `${subscription}-${delivery.messageId}`,
      code: 'delivery/exhausted',
      reason: `${deliveryAttempts} deliveries to ${subscription} failed`,
      source: {
        topic: topicOf(subscription),
        subscription,
        messageId: delivery.messageId,
        publishTime: attributes[sourcePublishTime] ?? new Date(delivery.publishedAt).toISOString(),
        ...(delivery.orderingKey && { orderingKey: delivery.orderingKey }),
      },
      attributes: originalAttributes(attributes),
      deliveryAttempts,
      deadLetteredAt: new Date(now).toISOString(),
      executionId,
      sessionId,
    },
  };
}

/** The attributes as they were published, without what forwarding added. */
const originalAttributes = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith(forwardingPrefix)));
