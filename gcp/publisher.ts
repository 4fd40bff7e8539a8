import type { PubSub, Topic } from '@google-cloud/pubsub';
import { googleCall } from './google-error.ts';

export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

export interface Publisher {
  /** Resolves with the message id once Pub/Sub has stored it. May publish twice when repeated. */
  publish(topic: string, message: OutgoingMessage): Promise<string>;
  /** Publishes what is still held and closes the connections. */
  close(): Promise<void>;
}

export function createPublisher(pubsub: PubSub): Publisher {
  const topics = new Map<string, Topic>();
  const topicNamed = (name: string): Topic => {
    const topic =
      topics.get(name) ??
      // A lone message must not wait for a batch to fill (the client's default is 10 ms a hop).
      pubsub.topic(name, { messageOrdering: true, batching: { maxMilliseconds: 0 } });
    topics.set(name, topic);
    return topic;
  };
  return {
    publish: (topicName, { data, attributes, orderingKey }) =>
      googleCall(`publish to ${topicName}`, async () => {
        const topic = topicNamed(topicName);
        const message = { data: Buffer.from(data), attributes: { ...attributes } };
        if (orderingKey === undefined) return await topic.publishMessage(message);
        try {
          return await topic.publishMessage({ ...message, orderingKey });
        } catch (error) {
          // The client holds back a key after a failed publish; the caller decides whether to go on, so let it.
          topic.resumePublishing(orderingKey);
          throw error;
        }
      }),
    close: () => pubsub.close(),
  };
}
