import type { Clock } from '../clock.ts';
import type { GrpcStatusError } from '../grpc-server.ts';
import { AckIds } from './ack-ids.ts';
import { Activity } from './activity.ts';
import { retryDelayMs } from './back-off.ts';
import { Backlog } from './backlog.ts';
import type { Entry, Leased } from './backlog-entry.ts';
import type { Consumer } from './consumer.ts';
import { type Filter, parseFilter } from './filter.ts';
import type { StoredMessage } from './message.ts';
import { millisecondsOf } from './proto-time.ts';
import type { SubscriptionResource } from './resources.ts';
import { type AckReport, settleAcks } from './settle-acks.ts';
import type { Hold, PubsubStore } from './store.ts';
import type { Topic } from './topic.ts';
import type { Deliverer, Turns } from './turns.ts';

export interface SubscriptionPorts {
  readonly clock: Clock;
  readonly store: PubsubStore;
  readonly turns: Turns;
  /** Publishes a dead message to a topic; false when the topic does not exist, and then the message stays. */
  forwardDeadLetter(topic: string, message: StoredMessage, attributes: Record<string, string>): boolean;
}

/** What a subscription is from its creation on, over restarts too. */
export interface SubscriptionIdentity {
  readonly id: number;
  readonly topic: Topic;
  readonly ackIdPrefix: string;
  /** No earlier process has numbered a lease higher. */
  readonly lastLease: number;
  /** When it was last used, as an earlier process wrote down; null for a new one. */
  readonly savedActiveMs: number | null;
}

/** Brings a backlog to its consumers: leases, deadlines, retries, dead letters. Every method that changes something is a turn. */
export class Subscription implements Deliverer {
  readonly topic: Topic;
  readonly filter: Filter;
  readonly backlog: Backlog;
  readonly #ports: SubscriptionPorts;
  readonly #ackIds: AckIds;
  readonly #activity: Activity;
  readonly #identity: SubscriptionIdentity;
  #resource: SubscriptionResource;
  #consumers: Consumer[] = [];
  #nextConsumer = 0;
  #alarm: { readonly dueMs: number; readonly cancel: () => void } | null = null;
  #closed = false;

  constructor(resource: SubscriptionResource, identity: SubscriptionIdentity, ports: SubscriptionPorts) {
    this.topic = identity.topic;
    this.#identity = identity;
    this.#resource = resource;
    this.#ports = ports;
    this.filter = parseFilter(resource.filter);
    this.#activity = new Activity(ports.clock, identity.savedActiveMs);
    this.#ackIds = new AckIds(identity.ackIdPrefix);
    this.backlog = new Backlog({
      ...identity,
      ackIds: this.#ackIds,
      ordered: resource.enableMessageOrdering,
      retainAcked: resource.retainAckedMessages,
      store: ports.store,
    });
  }

  get id(): number {
    return this.#identity.id;
  }

  get resource(): SubscriptionResource {
    return this.#resource;
  }

  get lastActiveMs(): number {
    return this.#activity.lastMs;
  }

  /** Whether a stream is open or a pull waits. */
  get isConnected(): boolean {
    return this.#consumers.some(({ isConnection }) => isConnection);
  }

  /** Somebody uses the subscription: its time to live begins again. */
  touch(): void {
    if (this.#activity.note()) this.#ports.turns.run(() => this.save());
  }

  /** New settings apply to what happens from now on; leases that were given keep their deadline. */
  update(resource: SubscriptionResource): void {
    this.#turn(() => {
      this.#resource = resource;
      this.save();
      this.backlog.retainAcked = resource.retainAckedMessages;
      if (!resource.retainAckedMessages) this.backlog.dropAcked();
    });
  }

  /** Tells the store of its settings. */
  save(): void {
    const { id, topic, ackIdPrefix } = this.#identity;
    const lastActiveMs = this.#activity.save();
    const resource = this.#resource;
    this.#ports.store.save({ kind: 'subscription', id, topic: topic.id, ackIdPrefix, lastActiveMs, resource });
  }

  /** Takes over the backlog that an earlier process left. */
  restore(holds: readonly Hold[]): void {
    this.#turn(() => this.backlog.restore(holds, this.#ports.clock.now()));
  }

  enqueue(messages: readonly StoredMessage[]): void {
    this.#turn(() => {
      for (const message of messages) if (this.filter(message.wire.attributes)) this.backlog.add(message);
    });
  }

  attach(consumer: Consumer): void {
    this.#turn(() => {
      this.#consumers.push(consumer);
      if (consumer.isConnection) this.touch();
    });
  }

  /** Leases of the consumer stay until their deadline. */
  detach(consumer: Consumer): void {
    if (!this.#consumers.includes(consumer)) return;
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
    if (consumer.isConnection) this.touch();
  }

  acknowledge(ackIds: readonly string[]): AckReport {
    return this.#turn(() => {
      const report = this.#settle(ackIds, 'acknowledge', (entry) => this.backlog.acknowledge(entry));
      this.touch();
      return report;
    });
  }

  /** Zero seconds is a nack. */
  modifyAckDeadline(ackIds: readonly string[], seconds: number): AckReport {
    const dueMs = this.#ports.clock.now() + seconds * 1000;
    const change =
      seconds === 0 ? (entry: Entry) => this.#fail(entry) : (entry: Entry) => this.backlog.extend(entry, dueMs);
    return this.#turn(() => this.#settle(ackIds, 'modify', change));
  }

  /** Makes exactly these messages of the topic unacknowledged, as far as they pass the filter. */
  seek(messages: readonly StoredMessage[]): void {
    const unacknowledged = messages.filter((message) => this.filter(message.wire.attributes));
    this.#turn(() => this.backlog.seek(unacknowledged, this.#ports.clock.now()));
  }

  /** A consumer may have room again. */
  deliver(): void {
    this.#turn(() => {});
  }

  /** Hands ready messages to consumers with room, one consumer after the other, and sets the next alarm. */
  handOut(): void {
    this.#dropOld();
    const now = this.#ports.clock.now();
    const batches = new Map<Consumer, Leased[]>();
    for (let entry = this.backlog.peekReady(); entry !== undefined; entry = this.backlog.peekReady()) {
      const consumer = this.#hadBefore(entry) ?? this.#nextWithRoom();
      if (consumer === undefined) break;
      const leased = { entry, ackId: this.backlog.leaseReady(consumer, now + consumer.ackDeadlineMs) };
      const batch = batches.get(consumer);
      if (batch === undefined) batches.set(consumer, [leased]);
      else batch.push(leased);
    }
    for (const consumer of this.#consumers) {
      // Every key has its turn before any has a second one.
      const following = this.backlog.leaseFollowing(consumer, now + consumer.ackDeadlineMs);
      const batch = [...(batches.get(consumer) ?? []), ...following];
      if (batch.length === 0) continue;
      const deliveries = batch.map(({ entry, ackId }) => {
        return { ackId, message: entry.message, deliveryAttempt: entry.failures + 1 };
      });
      this.#ports.turns.afterCommit(() => consumer.send(deliveries));
    }
    this.#setAlarm();
  }

  endConsumers(reason: GrpcStatusError): void {
    const consumers = this.#consumers;
    this.#consumers = [];
    for (const consumer of consumers) consumer.end(reason);
  }

  /** Ends all consumers and drops the backlog. */
  end(reason: GrpcStatusError): void {
    this.close(reason);
    this.backlog.drop();
  }

  /** Ends all consumers; the backlog stays as it is. */
  close(reason: GrpcStatusError): void {
    this.#closed = true;
    this.endConsumers(reason);
    this.#alarm?.cancel();
    this.#alarm = null;
  }

  #turn<T>(change: () => T): T {
    return this.#ports.turns.run(() => {
      this.#ports.turns.deliverAtEnd(this);
      return change();
    });
  }

  #settle(ackIds: readonly string[], kind: 'acknowledge' | 'modify', act: (entry: Entry) => void): AckReport {
    const { backlog } = this;
    return settleAcks({ backlog, ackIds: this.#ackIds, resource: this.#resource }, ackIds, { kind, act });
  }

  #fail(entry: Entry): void {
    const failures = entry.failures + 1;
    if (this.#deadLettered(entry, failures)) {
      this.backlog.finish(entry, false);
      return;
    }
    const delayMs = retryDelayMs(this.#resource, failures);
    this.backlog.fail(entry, delayMs === 0 ? null : this.#ports.clock.now() + delayMs);
  }

  #deadLettered(entry: Entry, failures: number): boolean {
    const { name, deadLetterPolicy } = this.#resource;
    if (deadLetterPolicy === null || failures < deadLetterPolicy.maxDeliveryAttempts) return false;
    const [, project, , id] = name.split('/');
    return this.#ports.forwardDeadLetter(deadLetterPolicy.deadLetterTopic, entry.message, {
      CloudPubSubDeadLetterSourceDeliveryCount: String(failures),
      CloudPubSubDeadLetterSourceSubscription: id ?? '',
      CloudPubSubDeadLetterSourceSubscriptionProject: project ?? '',
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(entry.message.publishedMs)
        .toISOString()
        .replace('Z', '+00:00'),
    });
  }

  /** What comes again of a key goes where it was: on another stream it could overtake what is still on its way on that one. */
  #hadBefore({ lastHolder }: Entry): Consumer | undefined {
    return lastHolder === null
      ? undefined
      : this.#consumers.find((consumer) => consumer === lastHolder && consumer.hasRoom());
  }

  #nextWithRoom(): Consumer | undefined {
    for (let tried = 0; tried < this.#consumers.length; tried++) {
      const consumer = this.#consumers[this.#nextConsumer++ % this.#consumers.length];
      if (consumer?.hasRoom()) return consumer;
    }
    return undefined;
  }

  #dropOld(): void {
    const own = millisecondsOf(this.#resource.messageRetentionDuration);
    const topicRetention = this.topic.resource.messageRetentionDuration;
    const retentionMs = topicRetention === null ? own : Math.max(own, millisecondsOf(topicRetention));
    this.backlog.dropOlderThan(this.#ports.clock.now() - retentionMs);
  }

  /** One timer stands for all deadlines; it may ring early after acknowledgements and then only sets itself again. */
  #setAlarm(): void {
    const dueMs = this.backlog.nextDueMs();
    if (this.#closed || dueMs === undefined || (this.#alarm !== null && this.#alarm.dueMs <= dueMs)) return;
    this.#alarm?.cancel();
    const cancel = this.#ports.clock.after(Math.max(0, dueMs - this.#ports.clock.now()), () => {
      this.#alarm = null;
      this.#turn(() => this.#failExpired());
    });
    this.#alarm = { dueMs, cancel };
  }

  #failExpired(): void {
    for (;;) {
      const expired = this.backlog.takeExpired(this.#ports.clock.now());
      if (expired === undefined) return;
      this.#fail(expired);
    }
  }
}
