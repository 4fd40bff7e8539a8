import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { GrpcStatusError } from '../grpc-server.ts';
import { messageBytes, type PublishedMessage, type StoredMessage } from './message.ts';
import { protoTimeOf } from './proto-time.ts';
import { checkPublishRequest } from './publish-limits.ts';
import { alreadyExists, failedPrecondition, notFound } from './refusals.ts';
import { parseResourceName } from './resource-name.ts';
import { deletedTopic, type SubscriptionResource, type TopicResource } from './resources.ts';
import { Subscription } from './subscription.ts';
import { type RequestedSubscription, settleSubscription } from './subscription-settings.ts';
import { type RequestedTopic, settleTopic } from './topic-settings.ts';

export interface Topic {
  resource: TopicResource;
  readonly subscriptions: Set<Subscription>;
}

/** All topics and subscriptions of one server, and the way of a message from one to the others. */
export class Broker {
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly #clock: Clock;
  #nextSeq: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    // Ids go on rising over restarts, so that what a consumer remembers by message id never meets a second message.
    this.#nextSeq = Math.floor(clock.now() / 1000) * 1_000_000 + 1;
  }

  topic(name: string): Topic {
    parseResourceName(name, 'topics', 'topic');
    const topic = this.topics.get(name);
    if (topic === undefined) throw notFound(name);
    return topic;
  }

  subscription(name: string): Subscription {
    parseResourceName(name, 'subscriptions', 'subscription');
    const subscription = this.subscriptions.get(name);
    if (subscription === undefined) throw notFound(name);
    return subscription;
  }

  createTopic(requested: RequestedTopic): TopicResource {
    const resource = settleTopic(requested);
    if (this.topics.has(resource.name)) throw alreadyExists(resource.name);
    this.topics.set(resource.name, { resource, subscriptions: new Set() });
    return resource;
  }

  /** Subscriptions of the topic stay, with their backlog. */
  deleteTopic(name: string): void {
    for (const subscription of this.topic(name).subscriptions) {
      subscription.update({ ...subscription.resource, topic: deletedTopic });
    }
    this.topics.delete(name);
  }

  createSubscription(requested: RequestedSubscription): SubscriptionResource {
    const resource = settleSubscription({ ...requested, detached: false });
    const topic = this.topic(resource.topic);
    if (this.subscriptions.has(resource.name)) throw alreadyExists(resource.name);
    if (resource.deadLetterPolicy !== null) this.topic(resource.deadLetterPolicy.deadLetterTopic);
    const subscription = new Subscription(resource, `${randomBytes(4).toString('hex')}-`, {
      clock: this.#clock,
      forwardDeadLetter: (target, message, attributes) => this.#forwardDeadLetter(target, message, attributes),
    });
    this.subscriptions.set(resource.name, subscription);
    topic.subscriptions.add(subscription);
    return resource;
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.topics.get(subscription.resource.topic)?.subscriptions.delete(subscription);
    this.subscriptions.delete(name);
    subscription.end(notFound(name));
  }

  /** The subscription stays as a record without messages. */
  detachSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.topics.get(subscription.resource.topic)?.subscriptions.delete(subscription);
    subscription.update({ ...subscription.resource, detached: true });
    subscription.end(failedPrecondition(`Subscription is detached: ${name}.`));
  }

  /** Checks the limits, gives ids, and delivers to every subscription before it returns. */
  publish(topicName: string, messages: readonly PublishedMessage[]): string[] {
    const topic = this.topic(topicName);
    checkPublishRequest(messages);
    const stored = messages.map((message) => this.#store(message));
    for (const subscription of topic.subscriptions) subscription.enqueue(stored);
    return stored.map((message) => message.wire.messageId);
  }

  close(): void {
    for (const subscription of this.subscriptions.values()) {
      subscription.end(new GrpcStatusError(status.UNAVAILABLE, 'The local Pub/Sub server is closing.'));
    }
  }

  #store(message: PublishedMessage): StoredMessage {
    const seq = this.#nextSeq++;
    const publishedMs = this.#clock.now();
    const { data, attributes, orderingKey } = message;
    return {
      seq,
      publishedMs,
      bytes: messageBytes(message),
      wire: { data, attributes, orderingKey, messageId: String(seq), publishTime: protoTimeOf(publishedMs) },
    };
  }

  #forwardDeadLetter(topicName: string, message: StoredMessage, attributes: Record<string, string>): boolean {
    const topic = this.topics.get(topicName);
    if (topic === undefined) return false;
    const dead = this.#store({ ...message.wire, attributes: { ...message.wire.attributes, ...attributes } });
    for (const subscription of topic.subscriptions) subscription.enqueue([dead]);
    return true;
  }
}
