import { Fifo } from './fifo.ts';
import type { StoredMessage } from './message.ts';
import { millisecondsOf } from './proto-time.ts';
import type { SnapshotResource, SubscriptionResource, TopicResource } from './resources.ts';
import type { PubsubStore } from './store.ts';

/** What a topic needs of its subscriptions. */
export interface TopicSubscriber {
  readonly resource: SubscriptionResource;
  enqueue(messages: readonly StoredMessage[]): void;
  update(resource: SubscriptionResource): void;
}

/** A topic keeps its identity when it is deleted: one that is created again under its name is another. */
export interface Topic {
  readonly id: number;
  resource: TopicResource;
  readonly subscriptions: Set<TopicSubscriber>;
  readonly snapshots: Set<Snapshot>;
  /** Messages that a seek may bring back although no subscription retains them; empty unless something asks for it. */
  readonly log: Fifo<StoredMessage>;
}

/** The acknowledgement state of a subscription at one moment. */
export interface Snapshot {
  readonly id: number;
  resource: SnapshotResource;
  readonly topic: Topic;
  readonly unacknowledged: readonly StoredMessage[];
  /** Messages from this position on were published after the snapshot, and all of them belong to it. */
  readonly fromSeq: number;
}

export function createTopic(id: number, resource: TopicResource): Topic {
  return { id, resource, subscriptions: new Set(), snapshots: new Set(), log: new Fifo() };
}

/** From when on the topic's own retention keeps messages; never, where it has none. */
function retainedFromMs({ resource }: Topic, nowMs: number): number {
  const retention = resource.messageRetentionDuration;
  return retention === null ? Number.POSITIVE_INFINITY : nowMs - millisecondsOf(retention);
}

/** What the topic retains for every subscription: what is in its log for the sake of a snapshot only is not among it. */
export function retainedByTopic(topic: Topic, nowMs: number): readonly StoredMessage[] {
  const fromMs = retainedFromMs(topic, nowMs);
  return [...topic.log].filter(({ publishedMs }) => publishedMs >= fromMs);
}

/** Keeps what the topic's retention or a snapshot needs, and drops what they no longer need. */
export function recordInLog(
  topic: Topic,
  messages: readonly StoredMessage[],
  { store, nowMs }: { readonly store: PubsubStore; readonly nowMs: number },
): void {
  const keptFromMs = retainedFromMs(topic, nowMs);
  const keptFromSeq = Math.min(Number.POSITIVE_INFINITY, ...[...topic.snapshots].map(({ fromSeq }) => fromSeq));
  const isKept = (message: StoredMessage) => message.publishedMs >= keptFromMs || message.seq >= keptFromSeq;
  for (const message of messages.filter(isKept)) {
    topic.log.push(message);
    store.hold(topic.id, message, null);
  }
  for (let oldest = topic.log.peek(); oldest !== undefined && !isKept(oldest); oldest = topic.log.peek()) {
    topic.log.shift();
    store.release(topic.id, oldest);
  }
}
