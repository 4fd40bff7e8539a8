import type { Hold, SavedRecord, SavedState } from './store.ts';
import { createTopic, type Snapshot, type Topic } from './topic.ts';

type SubscriptionRecord = Extract<SavedRecord, { readonly kind: 'subscription' }>;

/** What a store holds, as the objects that a broker goes on with. */
export interface RestoredBroker {
  readonly starts: number;
  readonly nextSeq: number;
  readonly nextId: number;
  readonly topics: ReadonlyArray<{ readonly topic: Topic; readonly deleted: boolean }>;
  readonly subscriptions: ReadonlyArray<{
    readonly record: SubscriptionRecord;
    readonly topic: Topic;
    readonly holds: readonly Hold[];
  }>;
  readonly snapshots: readonly Snapshot[];
}

export function restoreState({ records, holds }: SavedState): RestoredBroker {
  const ofKind = <K extends SavedRecord['kind']>(kind: K) =>
    records.filter((record): record is Extract<SavedRecord, { readonly kind: K }> => record.kind === kind);
  const messagesOf = (id: number) => (holds.get(id) ?? []).map(({ message }) => message);
  const topics = ofKind('topic').map(({ id, resource, deleted }) => {
    const topic = createTopic(id, resource);
    for (const message of messagesOf(id)) topic.log.push(message);
    return { topic, deleted };
  });
  const byId = new Map(topics.map(({ topic }) => [topic.id, topic]));
  const topicOf = ({ id, topic: topicId }: { readonly id: number; readonly topic: number }) => {
    const topic = byId.get(topicId);
    if (topic === undefined) throw new Error(`topic ${topicId} of record ${id} is missing`);
    return topic;
  };
  const [server] = ofKind('server');
  return {
    starts: server?.starts ?? 0,
    nextSeq: server?.nextSeq ?? 0,
    nextId: Math.max(0, ...records.map(({ id }) => id)) + 1,
    topics,
    subscriptions: ofKind('subscription').map((record) => ({
      record,
      topic: topicOf(record),
      holds: holds.get(record.id) ?? [],
    })),
    snapshots: ofKind('snapshot').map((record) => ({
      id: record.id,
      resource: record.resource,
      topic: topicOf(record),
      unacknowledged: messagesOf(record.id),
      fromSeq: record.fromSeq,
    })),
  };
}
