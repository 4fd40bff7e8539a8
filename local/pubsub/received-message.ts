import type { Delivery } from './consumer.ts';
import type { SubscriptionResource } from './resources.ts';

/** A delivery as google.pubsub.v1.ReceivedMessage; attempts are told only under a dead-letter policy, as Google does. */
export function receivedMessage(delivery: Delivery, resource: SubscriptionResource): object {
  const { ackId, message, deliveryAttempt } = delivery;
  return { ackId, message: message.wire, deliveryAttempt: resource.deadLetterPolicy === null ? 0 : deliveryAttempt };
}
