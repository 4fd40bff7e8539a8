import type { StoredMessage } from './message.ts';
import type { SnapshotResource, SubscriptionResource, TopicResource } from './resources.ts';

/** One thing of the server that outlives its process. Ids are unique over all kinds. */
export type SavedRecord =
  /** `starts` counts the processes that have served this state. */
  | { readonly kind: 'server'; readonly id: 0; readonly nextSeq: number; readonly starts: number }
  /** A deleted topic stays while subscriptions or snapshots of it do. */
  | { readonly kind: 'topic'; readonly id: number; readonly resource: TopicResource; readonly deleted: boolean }
  | {
      readonly kind: 'subscription';
      readonly id: number;
      readonly topic: number;
      readonly ackIdPrefix: string;
      /** When it was last used, to the minute. */
      readonly lastActiveMs: number;
      readonly resource: SubscriptionResource;
    }
  | {
      readonly kind: 'snapshot';
      readonly id: number;
      readonly topic: number;
      readonly fromSeq: number;
      readonly resource: SnapshotResource;
    };

/** What a subscription's hold on a message says; leases are not part of it. */
export interface HoldState {
  readonly acked: boolean;
  readonly failures: number;
  readonly ageFromMs: number;
  /** End of the back-off that is under way. */
  readonly readyMs: number | null;
  readonly voidedLease: number;
}

/** Something that keeps a message: a topic's log, a subscription's backlog, a snapshot. */
export interface Hold {
  readonly message: StoredMessage;
  /** Null where the owner is a topic or a snapshot. */
  readonly state: HoldState | null;
}

export interface SavedState {
  readonly records: readonly SavedRecord[];
  /** By the owner's id, in the order of publishing. */
  readonly holds: ReadonlyMap<number, readonly Hold[]>;
}

/** Gives what is to be saved at the moment of saving, so that many changes of one turn are one write. */
export type ReadHoldState = () => HoldState;

/**
 * Where state goes that outlives the process. The broker's objects are the truth; they tell here what changed, and nobody
 * hears of a change before `commit` returned. A message is kept as long as an owner holds it.
 */
export interface PubsubStore {
  /** What earlier processes left; asked once, before anything is changed. */
  load(): SavedState;
  save(record: SavedRecord): void;
  /** The owner's holds are released one by one. */
  forget(id: number): void;
  /** Called once for each owner and message, until the owner releases it. */
  hold(owner: number, message: StoredMessage, state: ReadHoldState | null): void;
  /** The state of a hold is another. */
  rehold(owner: number, message: StoredMessage, state: ReadHoldState): void;
  release(owner: number, message: StoredMessage): void;
  /** Makes all changes since the last commit durable together. When it throws, none is, and the next commit tries again. */
  commit(): void;
  close(): void;
}

/** Keeps nothing: state ends with the process. */
export const forgetfulStore: PubsubStore = {
  load: () => ({ records: [], holds: new Map() }),
  save() {},
  forget() {},
  hold() {},
  rehold() {},
  release() {},
  commit() {},
  close() {},
};
