import type { Clock } from '../clock.ts';
import type { GrpcStatusError } from '../grpc-server.ts';
import { retryDelayMs } from './back-off.ts';
import { Backlog } from './backlog.ts';
import type { Entry } from './backlog-entry.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { type Filter, parseFilter } from './filter.ts';
import type { StoredMessage } from './message.ts';
import { millisecondsOf } from './proto-time.ts';
import { invalidArgument } from './refusals.ts';
import type { SubscriptionResource } from './resources.ts';
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
}

/** An id that the subscription never gave out is refused with INVALID_ARGUMENT before anything is changed. */
export interface AckReport {
  /** Ids whose lease was current. */
  readonly settled: readonly string[];
  /** Ids whose lease is over; with exactly-once delivery they had no effect. */
  readonly ended: readonly string[];
}

/** Brings a backlog to its consumers: leases, deadlines, retries, dead letters. Every method that changes something is a turn. */
export class Subscription implements Deliverer {
  readonly topic: Topic;
  readonly filter: Filter;
  readonly backlog: Backlog;
  readonly #ports: SubscriptionPorts;
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
    this.backlog = new Backlog({ ...identity, ordered: resource.enableMessageOrdering, store: ports.store });
  }

  get id(): number {
    return this.#identity.id;
  }

  get resource(): SubscriptionResource {
    return this.#resource;
  }

  /** New settings apply to what happens from now on; leases that were given keep their deadline. */
  update(resource: SubscriptionResource): void {
    this.#turn(() => {
      this.#resource = resource;
      this.save();
      if (!resource.retainAckedMessages) this.backlog.dropAcked();
    });
  }

  /** Tells the store of its settings. */
  save(): void {
    const { id, topic, ackIdPrefix } = this.#identity;
    this.#ports.store.save({ kind: 'subscription', id, topic: topic.id, ackIdPrefix, resource: this.#resource });
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
    this.#turn(() => this.#consumers.push(consumer));
  }

  /** Leases of the consumer stay until their deadline. */
  detach(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
  }

  acknowledge(ackIds: readonly string[]): AckReport {
    const { retainAckedMessages, enableExactlyOnceDelivery } = this.#resource;
    return this.#turn(() =>
      this.#settle(ackIds, (entry) => this.backlog.acknowledge(entry, retainAckedMessages), {
        // Without exactly-once delivery an acknowledgement counts even when the message is out again.
        alsoEnded: !enableExactlyOnceDelivery,
      }),
    );
  }

  /** Zero seconds is a nack. */
  modifyAckDeadline(ackIds: readonly string[], seconds: number): AckReport {
    const dueMs = this.#ports.clock.now() + seconds * 1000;
    const change =
      seconds === 0 ? (entry: Entry) => this.#fail(entry) : (entry: Entry) => this.backlog.extend(entry, dueMs);
    return this.#turn(() => this.#settle(ackIds, change, { alsoEnded: false }));
  }

  /** Makes exactly these messages of the topic unacknowledged, as far as they pass the filter. */
  seek(messages: readonly StoredMessage[]): void {
    const unacknowledged = messages.filter((message) => this.filter(message.wire.attributes));
    const { retainAckedMessages } = this.#resource;
    this.#turn(() =>
      this.backlog.seek(unacknowledged, { retainAcked: retainAckedMessages, nowMs: this.#ports.clock.now() }),
    );
  }

  /** A consumer may have room again. */
  deliver(): void {
    this.#turn(() => {});
  }

  /** Hands ready messages to consumers with room, one consumer after the other, and sets the next alarm. */
  handOut(): void {
    this.#dropOld();
    const now = this.#ports.clock.now();
    const batches = new Map<Consumer, Delivery[]>();
    for (let entry = this.backlog.peekReady(); entry !== undefined; entry = this.backlog.peekReady()) {
      const consumer = this.#nextWithRoom();
      if (consumer === undefined) break;
      const ackId = this.backlog.leaseReady(consumer, now + consumer.ackDeadlineMs);
      const delivery = { ackId, message: entry.message, deliveryAttempt: entry.failures + 1 };
      const batch = batches.get(consumer);
      if (batch === undefined) batches.set(consumer, [delivery]);
      else batch.push(delivery);
    }
    for (const [consumer, batch] of batches) this.#ports.turns.afterCommit(() => consumer.send(batch));
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

  #settle(ackIds: readonly string[], act: (entry: Entry) => void, options: { readonly alsoEnded: boolean }): AckReport {
    const foreign = ackIds.find((ackId) => !this.backlog.isOwnAckId(ackId));
    if (foreign !== undefined)
      throw invalidArgument(`Invalid ack_ids: "${foreign}" is not from ${this.#resource.name}.`);
    const report = { settled: [] as string[], ended: [] as string[] };
    for (const ackId of new Set(ackIds)) {
      const found = this.backlog.find(ackId);
      if (found.kind === 'current') {
        act(found.entry);
        report.settled.push(ackId);
      } else {
        if (found.entry !== null && options.alsoEnded) act(found.entry);
        report.ended.push(ackId);
      }
    }
    return report;
  }

  #fail(entry: Entry): void {
    const failures = entry.failures + 1;
    if (this.#deadLettered(entry, failures)) {
      this.backlog.acknowledge(entry, false);
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
