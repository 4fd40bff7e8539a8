import type { Message, PubSub } from '@google-cloud/pubsub';
import { type SubscriptionSpec, topics } from '../../infra/topology.ts';
import { forwardedFrom } from './dead-letter-world.ts';

/**
 * Takes the next message of a subscription and forwards it to its dead-letter topic, as Pub/Sub does after twenty
 * deliveries in vain. Nothing else may read the subscription. Resolves with the id of the dead letter.
 */
export async function giveUpNext(pubsub: PubSub, { name, deadLetter }: SubscriptionSpec): Promise<string> {
  const subscription = pubsub.subscription(name);
  const message = await new Promise<Message>((resolve, reject) => {
    // A listener that goes away after one message ends the stream before its ack is sent.
    subscription.on('message', resolve).on('error', reject);
  });
  await message.ackWithResponse();
  await subscription.close();
  const messageId = await pubsub.topic(deadLetter?.topic ?? topics.requestsDeadLetter).publishMessage({
    data: message.data,
    attributes: { ...message.attributes, ...forwardedFrom(name) },
  });
  return `${name}-${messageId}`;
}
