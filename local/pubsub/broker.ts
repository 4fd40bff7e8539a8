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
import { deletedTopic, type PushConfig, type SnapshotResource, type SubscriptionResource } from './resources.ts';
import { type RestoredBroker, restoreState } from './restore-state.ts';
import { Snapshots } from './snapshots.ts';
import type { PubsubStore } from './store.ts';
import { Subscription, type SubscriptionIdentity } from './subscription.ts';
import { SubscriptionExpiry } from './subscription-expiry.ts';
import { type RequestedSubscription, settleSubscription, subscriptionFields } from './subscription-settings.ts';
import { createTopic, recordInLog, type Topic } from './topic.ts';
import { type RequestedTopic, settleTopic, topicFields } from './topic-settings.ts';
import { Turns } from './turns.ts';
import { applyUpdateMask, type UpdateMask } from './update-mask.ts';

/** Leases that one process may give out before its numbers would meet those of the next. */
const leasesPerStart = 1_000_000_000;

export interface BrokerPorts {
  readonly clock: Clock;
  readonly push: PushDelivery;
  readonly store: PubsubStore;
}

/**
 * All topics, subscriptions and snapshots of one server, and the way of a message from the one to the others.
 *
 * What outlives the process goes to the store: the resources, `Topic.log`, `Snapshot`, the entries of each backlog, and
 * the next sequence number. Consumers, leases and timers do not.
 */
export class Broker {
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly snapshots: Snapshots;
  readonly turns: Turns;
  readonly #expiry: SubscriptionExpiry;
  readonly #clock: Clock;
  readonly #push: PushDelivery;
  readonly #store: PubsubStore;
  /** Which process this is over the life of the store, counted from 1. */
  readonly #starts: number;
  #nextSeq: number;
  #nextId: number;

  /** Goes on with what the store holds. */
  constructor({ clock, push, store }: BrokerPorts) {
    this.#clock = clock;
    this.#push = push;
    this.#store = store;
    this.turns = new Turns(store);
    this.snapshots = new Snapshots({
      clock,
      store,
      turns: this.turns,
      newId: () => this.#nextId++,
      dropped: (topic) => this.#forgetUnused(topic),
    });
    this.#expiry = new SubscriptionExpiry(clock, (subscription) => this.deleteSubscription(subscription.resource.name));
    const restored = restoreState(store.load());
    this.#starts = restored.starts + 1;
    this.#nextId = restored.nextId;
    // Ids go on rising over restarts, so that what a consumer remembers by message id never meets a second message.
    this.#nextSeq = Math.max(restored.nextSeq, Math.floor(clock.now() / 1000) * 1_000_000 + 1);
    this.turns.run(() => this.#restore(restored));
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
    const topic = createTopic(this.#nextId++, resource);
    this.turns.run(() => {
      this.topics.set(resource.name, topic);
      this.#saveTopic(topic);
    });
    return topic;
  }

  updateTopic(requested: RequestedTopic, mask: UpdateMask): Topic {
    const topic = this.topic(requested.name);
    const resource = settleTopic(applyUpdateMask<RequestedTopic>(topic.resource, requested, mask, topicFields));
    this.turns.run(() => {
      topic.resource = resource;
      this.#saveTopic(topic);
      this.#recordInLog(topic, []);
    });
    return topic;
  }

  /** Subscriptions of the topic stay, with their backlog. */
  deleteTopic(name: string): void {
    const topic = this.topic(name);
    this.turns.run(() => {
      for (const subscription of topic.subscriptions) {
        subscription.update({ ...subscription.resource, topic: deletedTopic });
      }
      this.snapshots.topicDeleted(topic);
      this.topics.delete(name);
      this.#saveTopic(topic);
      this.#forgetUnused(topic);
    });
  }

  createSubscription(requested: RequestedSubscription): Subscription {
    const topic = this.topic(requested.topic);
    const [, project] = requested.topic.split('/');
    const name =
      requested.name === '' ? `projects/${project}/subscriptions/subscription-${randomUUID()}` : requested.name;
    const resource = settleSubscription({ ...requested, name, detached: false });
    if (this.subscriptions.has(resource.name)) throw alreadyExists(resource.name);
    if (resource.deadLetterPolicy !== null) this.topic(resource.deadLetterPolicy.deadLetterTopic);
    const ackIdPrefix = `${randomBytes(4).toString('hex')}-`;
    return this.turns.run(() => {
      const subscription = this.#addSubscription(resource, {
        id: this.#nextId++,
        topic,
        ackIdPrefix,
        savedActiveMs: null,
      });
      subscription.save();
      this.#push.follow(subscription);
      this.#expiry.watch(subscription);
      return subscription;
    });
  }

  updateSubscription(requested: RequestedSubscription, mask: UpdateMask): Subscription {
    const subscription = this.subscription(requested.name);
    const changed = applyUpdateMask<RequestedSubscription>(subscription.resource, requested, mask, subscriptionFields);
    const resource = settleSubscription(changed);
    const deadLetters = mask?.paths.includes('dead_letter_policy') ? resource.deadLetterPolicy : null;
    if (deadLetters !== null) this.topic(deadLetters.deadLetterTopic);
    this.turns.run(() => {
      subscription.touch();
      subscription.update(resource);
      this.#push.follow(subscription);
      this.#expiry.watch(subscription);
    });
    return subscription;
  }

  modifyPushConfig(name: string, pushConfig: PushConfig | null): void {
    const { resource } = this.subscription(name);
    this.updateSubscription({ ...resource, pushConfig }, { paths: ['push_config'] });
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.turns.run(() => {
      subscription.topic.subscriptions.delete(subscription);
      this.subscriptions.delete(name);
      subscription.end(notFound(name));
      this.#expiry.forget(subscription);
      this.#store.forget(subscription.id);
      this.#forgetUnused(subscription.topic);
    });
  }

  /** The subscription stays as a record without messages. */
  detachSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.turns.run(() => {
      subscription.topic.subscriptions.delete(subscription);
      subscription.update({ ...subscription.resource, detached: true });
      subscription.end(failedPrecondition(`Subscription is detached: ${name}.`));
    });
  }

  createSnapshot(requested: {
    readonly name: string;
    readonly subscription: string;
    readonly labels: Readonly<Record<string, string>>;
  }): SnapshotResource {
    const subscription = this.subscription(requested.subscription);
    subscription.touch();
    return this.snapshots.create(requested, subscription, this.#nextSeq);
  }

  /** Checks the limits, gives ids, and delivers to every subscription before it returns. */
  publish(topicName: string, messages: readonly PublishedMessage[]): string[] {
    const topic = this.topic(topicName);
    checkPublishRequest(messages);
    const stored = messages.map((message) => this.#stored(message));
    this.turns.run(() => this.#spread(topic, stored));
    return stored.map((message) => message.wire.messageId);
  }

  /** Ends deliveries. The store stays open for the calls that are under way. */
  close(): void {
    this.#expiry.close();
    for (const subscription of this.subscriptions.values()) {
      subscription.close(new GrpcStatusError(status.UNAVAILABLE, 'The local Pub/Sub server is closing.'));
    }
  }

  #restore({ topics, subscriptions, snapshots }: RestoredBroker): void {
    this.#saveServer();
    for (const { topic, deleted } of topics) if (!deleted) this.topics.set(topic.resource.name, topic);
    for (const { record, topic, holds } of subscriptions) {
      const { id, ackIdPrefix, lastActiveMs, resource } = record;
      this.#addSubscription(resource, { id, topic, ackIdPrefix, savedActiveMs: lastActiveMs }).restore(holds);
    }
    for (const snapshot of snapshots) this.snapshots.restore(snapshot);
    for (const subscription of this.subscriptions.values()) this.#expiry.watch(subscription);
    // What was retained for a time that has passed meanwhile goes now; without traffic nothing else would ask.
    this.snapshots.all();
    for (const { topic } of topics) this.#recordInLog(topic, []);
    for (const subscription of this.subscriptions.values()) {
      if (!subscription.resource.detached) this.#push.follow(subscription);
    }
  }

  #addSubscription(resource: SubscriptionResource, identity: Omit<SubscriptionIdentity, 'lastLease'>): Subscription {
    const lastLease = this.#starts * leasesPerStart;
    const subscription = new Subscription(
      resource,
      { ...identity, lastLease },
      {
        clock: this.#clock,
        store: this.#store,
        turns: this.turns,
        forwardDeadLetter: (target, message, attributes) => this.#forwardDeadLetter(target, message, attributes),
      },
    );
    this.subscriptions.set(resource.name, subscription);
    if (!resource.detached) identity.topic.subscriptions.add(subscription);
    return subscription;
  }

  #isDeleted(topic: Topic): boolean {
    return this.topics.get(topic.resource.name) !== topic;
  }

  #saveTopic(topic: Topic): void {
    this.#store.save({ kind: 'topic', id: topic.id, resource: topic.resource, deleted: this.#isDeleted(topic) });
  }

  #saveServer(): void {
    this.#store.save({ kind: 'server', id: 0, nextSeq: this.#nextSeq, starts: this.#starts });
  }

  /** A deleted topic's log is there for the subscriptions and snapshots that it still has. */
  #forgetUnused(topic: Topic): void {
    const isUsed = topic.snapshots.size > 0 || [...this.subscriptions.values()].some((other) => other.topic === topic);
    if (!this.#isDeleted(topic) || isUsed) return;
    for (const message of topic.log) this.#store.release(topic.id, message);
    this.#store.forget(topic.id);
  }

  #recordInLog(topic: Topic, messages: readonly StoredMessage[]): void {
    recordInLog(topic, messages, { store: this.#store, nowMs: this.#clock.now() });
  }

  #stored(message: PublishedMessage): StoredMessage {
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
    this.#saveServer();
    this.#recordInLog(topic, messages);
    for (const subscription of topic.subscriptions) subscription.enqueue(messages);
  }

  #forwardDeadLetter(topicName: string, message: StoredMessage, attributes: Record<string, string>): boolean {
    const topic = this.topics.get(topicName);
    if (topic === undefined) return false;
    const dead = this.#stored({ ...message.wire, attributes: { ...message.wire.attributes, ...attributes } });
    this.#spread(topic, [dead]);
    return true;
  }
}
