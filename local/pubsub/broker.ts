import { randomBytes, randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { GrpcStatusError } from '../grpc-server.ts';
import { messageBytes, type PublishedMessage, type StoredMessage } from './message.ts';
import { protoTimeOf } from './proto-time.ts';
import { checkPublishRequest } from './publish-limits.ts';
import type { PushDelivery } from './push-delivery.ts';
import { alreadyExists, failedPrecondition, notFound } from './refusals.ts';
import { parseResourceName } from './resource-name.ts';
import { deletedTopic, type PushConfig, type SnapshotResource } from './resources.ts';
import { Snapshots } from './snapshots.ts';
import { Subscription } from './subscription.ts';
import { type RequestedSubscription, settleSubscription, subscriptionFields } from './subscription-settings.ts';
import { createTopic, recordInLog, type Topic } from './topic.ts';
import { type RequestedTopic, settleTopic, topicFields } from './topic-settings.ts';
import { applyUpdateMask } from './update-mask.ts';

type Mask = { readonly paths: readonly string[] } | null;

/**
 * All topics, subscriptions and snapshots of one server, and the way of a message from the one to the others.
 *
 * What must outlive the process in a persistent store: the resources, `Topic.log`, `Snapshot`, the entries of each
 * backlog, and the next sequence number. Consumers, leases and timers do not.
 */
export class Broker {
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly snapshots: Snapshots;
  readonly #clock: Clock;
  readonly #push: PushDelivery;
  #nextSeq: number;

  constructor(clock: Clock, push: PushDelivery) {
    this.#clock = clock;
    this.#push = push;
    this.snapshots = new Snapshots(clock);
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

  createTopic(requested: RequestedTopic): Topic {
    const resource = settleTopic(requested);
    if (this.topics.has(resource.name)) throw alreadyExists(resource.name);
    const topic = createTopic(resource);
    this.topics.set(resource.name, topic);
    return topic;
  }

  updateTopic(requested: RequestedTopic, mask: Mask): Topic {
    const topic = this.topic(requested.name);
    topic.resource = settleTopic(applyUpdateMask<RequestedTopic>(topic.resource, requested, mask, topicFields));
    recordInLog(topic, [], this.#clock.now());
    return topic;
  }

  /** Subscriptions of the topic stay, with their backlog. */
  deleteTopic(name: string): void {
    const topic = this.topic(name);
    for (const subscription of topic.subscriptions) {
      subscription.update({ ...subscription.resource, topic: deletedTopic });
    }
    this.snapshots.topicDeleted(topic);
    this.topics.delete(name);
  }

  createSubscription(requested: RequestedSubscription): Subscription {
    const topic = this.topic(requested.topic);
    const [, project] = requested.topic.split('/');
    const name =
      requested.name === '' ? `projects/${project}/subscriptions/subscription-${randomUUID()}` : requested.name;
    const resource = settleSubscription({ ...requested, name, detached: false });
    if (this.subscriptions.has(resource.name)) throw alreadyExists(resource.name);
    if (resource.deadLetterPolicy !== null) this.topic(resource.deadLetterPolicy.deadLetterTopic);
    const subscription = new Subscription(resource, topic, `${randomBytes(4).toString('hex')}-`, {
      clock: this.#clock,
      forwardDeadLetter: (target, message, attributes) => this.#forwardDeadLetter(target, message, attributes),
    });
    this.subscriptions.set(resource.name, subscription);
    topic.subscriptions.add(subscription);
    this.#push.follow(subscription);
    return subscription;
  }

  updateSubscription(requested: RequestedSubscription, mask: Mask): Subscription {
    const subscription = this.subscription(requested.name);
    const changed = applyUpdateMask<RequestedSubscription>(subscription.resource, requested, mask, subscriptionFields);
    const resource = settleSubscription(changed);
    if (resource.deadLetterPolicy !== null) this.topic(resource.deadLetterPolicy.deadLetterTopic);
    subscription.update(resource);
    this.#push.follow(subscription);
    return subscription;
  }

  modifyPushConfig(name: string, pushConfig: PushConfig | null): void {
    const { resource } = this.subscription(name);
    this.updateSubscription({ ...resource, pushConfig }, { paths: ['push_config'] });
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    subscription.topic.subscriptions.delete(subscription);
    this.subscriptions.delete(name);
    subscription.end(notFound(name));
  }

  /** The subscription stays as a record without messages. */
  detachSubscription(name: string): void {
    const subscription = this.subscription(name);
    subscription.topic.subscriptions.delete(subscription);
    subscription.update({ ...subscription.resource, detached: true });
    subscription.end(failedPrecondition(`Subscription is detached: ${name}.`));
  }

  createSnapshot(requested: {
    readonly name: string;
    readonly subscription: string;
    readonly labels: Readonly<Record<string, string>>;
  }): SnapshotResource {
    return this.snapshots.create(requested, this.subscription(requested.subscription), this.#nextSeq);
  }

  /** Checks the limits, gives ids, and delivers to every subscription before it returns. */
  publish(topicName: string, messages: readonly PublishedMessage[]): string[] {
    const topic = this.topic(topicName);
    checkPublishRequest(messages);
    const stored = messages.map((message) => this.#store(message));
    this.#spread(topic, stored);
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

  #spread(topic: Topic, messages: readonly StoredMessage[]): void {
    recordInLog(topic, messages, this.#clock.now());
    for (const subscription of topic.subscriptions) subscription.enqueue(messages);
  }

  #forwardDeadLetter(topicName: string, message: StoredMessage, attributes: Record<string, string>): boolean {
    const topic = this.topics.get(topicName);
    if (topic === undefined) return false;
    const dead = this.#store({ ...message.wire, attributes: { ...message.wire.attributes, ...attributes } });
    this.#spread(topic, [dead]);
    return true;
  }
}
