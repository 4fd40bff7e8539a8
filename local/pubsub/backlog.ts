import { type Entry, holdStateOf, type LeaseHolder, newEntry, savedEntry } from './backlog-entry.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { Fifo } from './fifo.ts';
import type { StoredMessage } from './message.ts';
import type { Hold, PubsubStore } from './store.ts';

export type FoundLease =
  | { readonly kind: 'current'; readonly entry: Entry }
  /** The lease ended; `entry` is there when the message still waits to be acknowledged. */
  | { readonly kind: 'ended'; readonly entry: Entry | null };

export interface BacklogOptions {
  /** Marks this backlog's ack ids, so that another subscription's are told apart. */
  readonly ackIdPrefix: string;
  readonly ordered: boolean;
  /** Leases are numbered from here on; no earlier process has given out a higher number. */
  readonly lastLease: number;
  readonly store: PubsubStore;
  /** Of this backlog in the store. */
  readonly id: number;
}

/**
 * What one subscription still has to deliver, and in which order. Knows states and times, not consumers or policies.
 *
 * With ordering, only the first unacknowledged message of a key can be ready or leased, so a later one is
 * never delivered before an earlier one is acknowledged. The store is told of every entry that comes, changes or goes,
 * leases excepted: they end with the process.
 */
export class Backlog {
  #entries = new Map<number, Entry>();
  #keys = new Map<string, Fifo<Entry>>();
  #ready = new Fifo<Entry>();
  #due = new DeadlineHeap<Entry>();
  readonly #ackIdPrefix: string;
  readonly #ordered: boolean;
  readonly #store: PubsubStore;
  readonly #id: number;
  /** Number of the latest lease of any entry: no number is used twice, even for a message that a seek brings back. */
  #lastLease: number;

  constructor(options: BacklogOptions) {
    this.#ackIdPrefix = options.ackIdPrefix;
    this.#ordered = options.ordered;
    this.#lastLease = options.lastLease;
    this.#store = options.store;
    this.#id = options.id;
  }

  /** Takes over what an earlier process left, in the order of publishing. What was leased then is ready. */
  restore(holds: readonly Hold[], nowMs: number): void {
    for (const { message, state } of holds) {
      if (state === null) throw new Error(`message ${message.seq} has no state in backlog ${this.#id}`);
      const entry = savedEntry(message, state);
      this.#entries.set(message.seq, entry);
      const readyMs = state.readyMs !== null && state.readyMs > nowMs ? state.readyMs : null;
      if (!state.acked) this.#queue(entry, readyMs);
    }
  }

  /** Entries in the order of publishing, retained acknowledged ones included. */
  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  add(message: StoredMessage): void {
    this.#queue(this.#insert(message, message.publishedMs), null);
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
    this.#lastLease += 1;
    entry.lease = this.#lastLease;
    entry.holder = holder;
    holder.leased(entry.message.bytes);
    this.#due.set(entry, dueMs);
    return `${this.#ackIdPrefix}${entry.message.seq.toString(36)}-${entry.lease.toString(36)}`;
  }

  /** Whether this backlog can have given the id out. */
  isOwnAckId(ackId: string): boolean {
    return ackId.startsWith(this.#ackIdPrefix) && /^[0-9a-z]+-[0-9a-z]+$/.test(ackId.slice(this.#ackIdPrefix.length));
  }

  find(ackId: string): FoundLease {
    const [seq = '', number = ''] = ackId.slice(this.#ackIdPrefix.length).split('-');
    const entry = this.#entries.get(Number.parseInt(seq, 36));
    const lease = Number.parseInt(number, 36);
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
    if (retain) this.#changed(entry);
    else this.#remove(entry);
    this.#advanceKey(entry);
  }

  /** Ends a lease without success: the message is ready at once, or at `readyMs`. */
  fail(entry: Entry, readyMs: number | null): void {
    this.#release(entry);
    entry.failures += 1;
    this.#makeReadyAt(entry, readyMs);
    this.#changed(entry);
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

  /** Drops what has been here since before `ms`, acknowledged or not. */
  dropOlderThan(ms: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.ageFromMs >= ms) break;
      this.acknowledge(entry, false);
    }
  }

  /**
   * Makes exactly these messages unacknowledged. Deliveries of what stays unacknowledged stay leased, except where an
   * ordering key has to start again from an earlier message; acknowledgements of those deliveries no longer count.
   */
  seek(
    unacknowledged: readonly StoredMessage[],
    options: { readonly retainAcked: boolean; readonly nowMs: number },
  ): void {
    const wanted = new Map(unacknowledged.map((message) => [message.seq, message]));
    for (const entry of this.#entries.values()) {
      if (entry.state !== 'acked' && !wanted.has(entry.message.seq)) this.acknowledge(entry, options.retainAcked);
    }
    for (const [seq, message] of wanted) {
      if (!this.#entries.has(seq)) this.#insert(message, options.nowMs);
    }
    const entries = [...this.#entries.values()].sort((a, b) => a.message.seq - b.message.seq);
    this.#entries = new Map(entries.map((entry) => [entry.message.seq, entry]));
    this.#keys = new Map();
    this.#ready = new Fifo();
    for (const entry of entries) if (wanted.has(entry.message.seq)) this.#restart(entry);
  }

  dropAcked(): void {
    for (const entry of this.#entries.values()) if (entry.state === 'acked') this.#remove(entry);
  }

  drop(): void {
    for (const entry of this.#entries.values()) {
      this.#release(entry);
      this.#remove(entry);
    }
    this.#keys = new Map();
    this.#ready = new Fifo();
  }

  #restart(entry: Entry): void {
    const keyed = this.#ordered && entry.message.wire.orderingKey !== '';
    if (!keyed && (entry.state === 'leased' || entry.state === 'backing-off')) return;
    if (entry.state === 'acked') entry.failures = 0;
    this.#release(entry);
    entry.voidedLease = this.#lastLease;
    this.#queue(entry, null);
    this.#changed(entry);
  }

  #insert(message: StoredMessage, ageFromMs: number): Entry {
    const entry = newEntry(message, ageFromMs, this.#lastLease);
    this.#entries.set(message.seq, entry);
    this.#store.hold(this.#id, message, () => holdStateOf(entry));
    return entry;
  }

  #changed(entry: Entry): void {
    this.#store.rehold(this.#id, entry.message, () => holdStateOf(entry));
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.message.seq);
    this.#store.release(this.#id, entry.message);
  }

  #queue(entry: Entry, readyMs: number | null): void {
    entry.state = 'held';
    const { orderingKey } = entry.message.wire;
    if (!this.#ordered || orderingKey === '') {
      this.#makeReadyAt(entry, readyMs);
      return;
    }
    const queue = this.#keys.get(orderingKey) ?? new Fifo<Entry>();
    this.#keys.set(orderingKey, queue);
    queue.push(entry);
    if (queue.length === 1) this.#makeReadyAt(entry, readyMs);
  }

  #makeReadyAt(entry: Entry, readyMs: number | null): void {
    if (readyMs === null) {
      this.#makeReady(entry);
      return;
    }
    entry.state = 'backing-off';
    this.#due.set(entry, readyMs);
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
