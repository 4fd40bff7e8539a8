import { DeadlineHeap } from './deadline-heap.ts';
import { Fifo } from './fifo.ts';
import type { StoredMessage } from './message.ts';

/** Whoever holds a lease on messages; counts them for its flow control. */
export interface LeaseHolder {
  leased(bytes: number): void;
  released(bytes: number): void;
}

/**
 * One message in one subscription.
 *
 * - held: behind another message of its ordering key
 * - ready: may be delivered now
 * - leased: delivered; comes back at `dueMs` unless it is acknowledged
 * - backing-off: failed; ready again at `dueMs`
 * - acked: done; stays only while acknowledged messages are retained
 */
export interface Entry {
  readonly message: StoredMessage;
  state: 'held' | 'ready' | 'leased' | 'backing-off' | 'acked';
  /** Nacks and expired deadlines so far. */
  failures: number;
  /** Number of the latest lease; a part of the ack id. */
  lease: number;
  /** Leases up to this number acknowledge nothing any more (a seek made them void). */
  voidedLease: number;
  holder: LeaseHolder | null;
  dueMs: number;
  heapIndex: number;
}

export type FoundLease =
  | { readonly kind: 'current'; readonly entry: Entry }
  /** The lease ended; `entry` is there when the message still waits to be acknowledged. */
  | { readonly kind: 'ended'; readonly entry: Entry | null }
  | { readonly kind: 'malformed' };

export interface BacklogOptions {
  /** Marks this backlog's ack ids, so that another subscription's are recognised as malformed. */
  readonly ackIdPrefix: string;
  readonly ordered: boolean;
}

/**
 * What one subscription still has to deliver, and in which order. Knows states and times, not consumers or policies.
 *
 * With ordering, only the first unacknowledged message of a key can be ready or leased, so a later one is
 * never delivered before an earlier one is acknowledged. What a persistent store would keep of an entry is that it is
 * there, `failures`, and whether it is acked; leases end with the process.
 */
export class Backlog {
  #entries = new Map<number, Entry>();
  #keys = new Map<string, Fifo<Entry>>();
  #ready = new Fifo<Entry>();
  #due = new DeadlineHeap<Entry>();
  readonly #ackIdPrefix: string;
  readonly #ordered: boolean;

  constructor(options: BacklogOptions) {
    this.#ackIdPrefix = options.ackIdPrefix;
    this.#ordered = options.ordered;
  }

  /** Entries in the order of publishing, retained acknowledged ones included. */
  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  add(message: StoredMessage): void {
    const entry: Entry = {
      message,
      state: 'held',
      failures: 0,
      lease: 0,
      voidedLease: 0,
      holder: null,
      dueMs: 0,
      heapIndex: -1,
    };
    this.#entries.set(message.seq, entry);
    this.#queue(entry);
  }

  /** The next message that may be delivered, left in its place. */
  peekReady(): Entry | undefined {
    // An acknowledgement under an ended lease leaves its entry in the queue.
    while (this.#ready.peek() !== undefined && this.#ready.peek()?.state !== 'ready') this.#ready.shift();
    return this.#ready.peek();
  }

  /** Leases the entry that `peekReady` gave; returns the ack id. */
  leaseReady(holder: LeaseHolder, dueMs: number): string {
    const entry = this.#ready.shift();
    if (entry?.state !== 'ready') throw new Error('leaseReady without a ready message');
    entry.state = 'leased';
    entry.lease += 1;
    entry.holder = holder;
    holder.leased(entry.message.bytes);
    this.#due.set(entry, dueMs);
    return `${this.#ackIdPrefix}${entry.message.seq.toString(36)}-${entry.lease.toString(36)}`;
  }

  find(ackId: string): FoundLease {
    if (!ackId.startsWith(this.#ackIdPrefix)) return { kind: 'malformed' };
    const match = /^([0-9a-z]+)-([0-9a-z]+)$/.exec(ackId.slice(this.#ackIdPrefix.length));
    if (match === null) return { kind: 'malformed' };
    const entry = this.#entries.get(Number.parseInt(match[1] ?? '', 36));
    const lease = Number.parseInt(match[2] ?? '', 36);
    if (entry === undefined || entry.state === 'acked' || lease <= entry.voidedLease)
      return { kind: 'ended', entry: null };
    return lease === entry.lease && entry.state === 'leased' ? { kind: 'current', entry } : { kind: 'ended', entry };
  }

  extend(entry: Entry, dueMs: number): void {
    this.#due.set(entry, dueMs);
  }

  /** Ends the message's life here, whatever its state; the next one of its key becomes ready. */
  acknowledge(entry: Entry, retain: boolean): void {
    this.#release(entry);
    entry.state = 'acked';
    if (!retain) this.#entries.delete(entry.message.seq);
    this.#advanceKey(entry);
  }

  /** Ends a lease without success: the message is ready at once, or at `readyMs`. */
  fail(entry: Entry, readyMs: number | null): void {
    this.#release(entry);
    entry.failures += 1;
    if (readyMs === null) this.#makeReady(entry);
    else {
      entry.state = 'backing-off';
      this.#due.set(entry, readyMs);
    }
  }

  nextDueMs(): number | undefined {
    return this.#due.peek()?.dueMs;
  }

  /** Takes one leased entry whose deadline is over; entries whose back-off ended become ready on the way. */
  takeExpired(nowMs: number): Entry | undefined {
    for (let entry = this.#due.peek(); entry !== undefined && entry.dueMs <= nowMs; entry = this.#due.peek()) {
      this.#due.remove(entry);
      if (entry.state === 'leased') return entry;
      this.#makeReady(entry);
    }
    return undefined;
  }

  /** Drops what was published before `ms`. */
  dropPublishedBefore(ms: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.message.publishedMs >= ms) break;
      this.acknowledge(entry, false);
    }
  }

  dropAcked(): void {
    for (const [seq, entry] of this.#entries) if (entry.state === 'acked') this.#entries.delete(seq);
  }

  drop(): void {
    for (const entry of this.#entries.values()) this.#release(entry);
    this.#entries = new Map();
    this.#keys = new Map();
    this.#ready = new Fifo();
  }

  #queue(entry: Entry): void {
    const { orderingKey } = entry.message.wire;
    if (!this.#ordered || orderingKey === '') {
      this.#makeReady(entry);
      return;
    }
    const queue = this.#keys.get(orderingKey) ?? new Fifo<Entry>();
    this.#keys.set(orderingKey, queue);
    queue.push(entry);
    if (queue.length === 1) this.#makeReady(entry);
  }

  #makeReady(entry: Entry): void {
    entry.state = 'ready';
    this.#ready.push(entry);
  }

  #release(entry: Entry): void {
    this.#due.remove(entry);
    entry.holder?.released(entry.message.bytes);
    entry.holder = null;
  }

  #advanceKey(entry: Entry): void {
    const { orderingKey } = entry.message.wire;
    const queue = this.#keys.get(orderingKey);
    if (queue?.peek() !== entry) return;
    queue.shift();
    const next = queue.peek();
    if (next === undefined) this.#keys.delete(orderingKey);
    else this.#makeReady(next);
  }
}
