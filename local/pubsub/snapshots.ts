import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { checkLabels } from './labels.ts';
import type { StoredMessage } from './message.ts';
import { checkTimestamp, millisecondsOf, type ProtoTime, protoTimeOf } from './proto-time.ts';
import { alreadyExists, failedPrecondition, invalidArgument, notFound } from './refusals.ts';
import { parseNewResourceName, parseResourceName } from './resource-name.ts';
import { deletedTopic, type SnapshotResource } from './resources.ts';
import type { PubsubStore } from './store.ts';
import type { Subscription } from './subscription.ts';
import { recordInLog, retainedByTopic, type Snapshot, type Topic } from './topic.ts';
import type { Turns } from './turns.ts';
import { applyUpdateMask, type MaskedFields, type UpdateMask } from './update-mask.ts';

const hour = 3_600_000;
const maxLifetimeMs = 7 * 24 * hour;

const snapshotFields: MaskedFields = {
  type: 'Snapshot',
  mutable: { labels: 'labels', expire_time: 'expireTime' },
  immutable: ['name', 'topic'],
};

/** A snapshot as a client states it in an update. */
export type RequestedSnapshot = Omit<SnapshotResource, 'expireTime'> & { readonly expireTime: ProtoTime | null };

export interface SnapshotPorts {
  readonly clock: Clock;
  readonly store: PubsubStore;
  readonly turns: Turns;
  newId(): number;
  /** A snapshot of the topic is gone. */
  dropped(topic: Topic): void;
}

/** The snapshots of one server, and seeking by them or by time. */
export class Snapshots {
  readonly #byName = new Map<string, Snapshot>();
  readonly #ports: SnapshotPorts;

  constructor(ports: SnapshotPorts) {
    this.#ports = ports;
  }

  /** Takes over a snapshot that an earlier process made. */
  restore(snapshot: Snapshot): void {
    this.#byName.set(snapshot.resource.name, snapshot);
    snapshot.topic.snapshots.add(snapshot);
  }

  all(): ReadonlyMap<string, Snapshot> {
    this.#dropExpired();
    return this.#byName;
  }

  get(name: string): Snapshot {
    parseResourceName(name, 'snapshots', 'snapshot');
    const snapshot = this.all().get(name);
    if (snapshot === undefined) throw notFound(name);
    return snapshot;
  }

  /** `fromSeq` is the position of the next message that will be published. */
  create(
    requested: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
    subscription: Subscription,
    fromSeq: number,
  ): SnapshotResource {
    const [, project] = subscription.resource.name.split('/');
    const name = requested.name === '' ? `projects/${project}/snapshots/snapshot-${randomUUID()}` : requested.name;
    parseNewResourceName(name, 'snapshots', 'name');
    checkLabels(requested.labels);
    if (this.all().has(name)) throw alreadyExists(name);
    refuseDetached(subscription);
    const unacknowledged = unacknowledgedOf(subscription);
    const now = this.#ports.clock.now();
    const expiresMs = (unacknowledged[0]?.publishedMs ?? now) + maxLifetimeMs;
    if (expiresMs - now < hour) {
      throw failedPrecondition(
        `The backlog of ${subscription.resource.name} is too old: a snapshot would live less than an hour.`,
      );
    }
    const resource: SnapshotResource = {
      name,
      topic: subscription.resource.topic,
      expireTime: protoTimeOf(expiresMs),
      labels: requested.labels,
    };
    const id = this.#ports.newId();
    const snapshot: Snapshot = { id, resource, topic: subscription.topic, unacknowledged, fromSeq };
    this.#ports.turns.run(() => {
      this.#byName.set(name, snapshot);
      snapshot.topic.snapshots.add(snapshot);
      for (const message of unacknowledged) this.#ports.store.hold(id, message, null);
      this.#save(snapshot);
    });
    return resource;
  }

  update(requested: RequestedSnapshot, mask: UpdateMask): SnapshotResource {
    const snapshot = this.get(requested.name);
    const resource = applyUpdateMask<RequestedSnapshot>(snapshot.resource, requested, mask, snapshotFields);
    const { expireTime } = resource;
    if (expireTime === null) throw invalidArgument('Invalid expire_time: a snapshot has one.');
    checkTimestamp(expireTime, 'expire_time');
    checkLabels(resource.labels);
    this.#ports.turns.run(() => {
      snapshot.resource = { ...resource, expireTime };
      this.#save(snapshot);
    });
    return snapshot.resource;
  }

  delete(name: string): void {
    this.#drop(this.get(name));
  }

  topicDeleted(topic: Topic): void {
    for (const snapshot of topic.snapshots) {
      snapshot.resource = { ...snapshot.resource, topic: deletedTopic };
      this.#save(snapshot);
    }
  }

  /** Messages from this time on are unacknowledged afterwards, as far as subscription or topic retain them. */
  seekToTime(subscription: Subscription, time: ProtoTime): void {
    refuseDetached(subscription);
    checkTimestamp(time, 'time');
    const fromMs = millisecondsOf(time);
    const retained = [...subscription.backlog.entries()].map(({ message }) => message);
    const logged = retainedByTopic(subscription.topic, this.#ports.clock.now());
    subscription.seek([...retained, ...logged].filter(({ publishedMs }) => publishedMs >= fromMs));
  }

  seekToSnapshot(subscription: Subscription, name: string): void {
    refuseDetached(subscription);
    const snapshot = this.get(name);
    if (snapshot.topic !== subscription.topic) {
      throw failedPrecondition(`${name} is of another topic than ${subscription.resource.name}.`);
    }
    const published = [...snapshot.topic.log].filter(({ seq }) => seq >= snapshot.fromSeq);
    subscription.seek([...snapshot.unacknowledged, ...published]);
  }

  #dropExpired(): void {
    const now = this.#ports.clock.now();
    for (const snapshot of this.#byName.values()) {
      if (millisecondsOf(snapshot.resource.expireTime) <= now) this.#drop(snapshot);
    }
  }

  #drop(snapshot: Snapshot): void {
    const { clock, store, turns } = this.#ports;
    turns.run(() => {
      this.#byName.delete(snapshot.resource.name);
      snapshot.topic.snapshots.delete(snapshot);
      for (const message of snapshot.unacknowledged) store.release(snapshot.id, message);
      store.forget(snapshot.id);
      recordInLog(snapshot.topic, [], { store, nowMs: clock.now() });
      this.#ports.dropped(snapshot.topic);
    });
  }

  #save({ id, resource, topic, fromSeq }: Snapshot): void {
    this.#ports.store.save({ kind: 'snapshot', id, topic: topic.id, fromSeq, resource });
  }
}

export interface SeekRequest {
  readonly subscription: string;
  // One of the two: they are alternatives of the protocol, and what is not chosen is not there.
  readonly time?: ProtoTime;
  readonly snapshot?: string;
}

export function seek(snapshots: Snapshots, subscription: Subscription, { time, snapshot }: SeekRequest): void {
  subscription.touch();
  if (time !== undefined) snapshots.seekToTime(subscription, time);
  else if (snapshot !== undefined) snapshots.seekToSnapshot(subscription, snapshot);
  else throw invalidArgument('Invalid target: a seek needs time or snapshot.');
}

function refuseDetached({ resource }: Subscription): void {
  if (resource.detached) throw failedPrecondition(`Subscription is detached: ${resource.name}.`);
}

function unacknowledgedOf(subscription: Subscription): StoredMessage[] {
  return [...subscription.backlog.entries()].filter(({ state }) => state !== 'acked').map(({ message }) => message);
}
