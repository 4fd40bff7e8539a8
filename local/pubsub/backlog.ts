import type { AckIds } from './ack-ids.ts';
import {
  type Entry,
  type FoundLease,
  holdStateOf,
  type Leased,
  type LeaseHolder,
  newEntry,
  savedEntry,
} from './backlog-entry.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { Fifo } from './fifo.ts';
import { KeyQueues } from './key-queues.ts';
import type { StoredMessage } from './message.ts';
import type { Hold, PubsubStore } from './store.ts';

export interface BacklogOptions {
  readonly ackIds: AckIds;
  readonly ordered: boolean;
  /** Leases are numbered from here on; no earlier process has given out a higher number. */
  readonly lastLease: number;
  readonly store: PubsubStore;
  readonly retainAcked: boolean;
  /** Of this backlog in the store. */
  readonly id: number;
}

/**
 * What one subscription still has to deliver, and in which order. Knows states and times, not consumers or policies.
 *
 * With ordering, only the first unacknowledged message of a key can be ready. The ones behind it follow it to its holder
 * (`leaseFollowing`), or wait. When one of them fails, those behind it come again too, even the acknowledged.
 * The store is told of every entry that comes, changes or goes. Leases and early acknowledgements end with the process.
 */
export class Backlog {
  #entries = new Map<number, Entry>();
  readonly #keys = new KeyQueues();
  #ready = new Fifo<Entry>();
  #due = new DeadlineHeap<Entry>();
  /** Whether acknowledged messages stay for seeks. */
  retainAcked: boolean;
  readonly #ackIds: AckIds;
  readonly #ordered: boolean;
  readonly #store: PubsubStore;
  readonly #id: number;
  /** Number of the latest lease of any entry: no number is used twice, even for a message that a seek brings back. */
  #lastLease: number;

  constructor(options: BacklogOptions) {
    this.#ackIds = options.ackIds;
    this.#ordered = options.ordered;
    this.#lastLease = options.lastLease;
    this.#store = options.store;
    this.#id = options.id;
    this.retainAcked = options.retainAcked;
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
    return this.#lease(entry, holder, dueMs);
  }

  /** Leases what waits behind messages of ordering keys that are out to the holder, as far as it has room. */
  leaseFollowing(holder: LeaseHolder & { hasRoom(): boolean }, dueMs: number): Leased[] {
    const leased: Leased[] = [];
    while (holder.hasRoom()) {
      const entry = this.#keys.nextFor(holder);
      if (entry === undefined) break;
      leased.push({ entry, ackId: this.#lease(entry, holder, dueMs) });
    }
    return leased;
  }

  find(ackId: string): FoundLease {
    const { seq, lease } = this.#ackIds.parse(ackId);
    const entry = this.#entries.get(seq);
    if (entry === undefined || entry.state === 'acked' || lease <= entry.voidedLease)
      return { kind: 'ended', entry: null };
    return lease === entry.lease && entry.state === 'leased' ? { kind: 'current', entry } : { kind: 'ended', entry };
  }

  extend(entry: Entry, dueMs: number): void {
    this.#due.set(entry, dueMs);
  }

  /** Whether an earlier message of its key is to be acknowledged first; the entry waits or is out. */
  isBehind(entry: Entry): boolean {
    return this.#keys.isBehind(entry);
  }

  /** Ends the message's life here, whatever its state, once those before it in its key are done. */
  acknowledge(entry: Entry): void {
    if (!this.isBehind(entry)) this.finish(entry, this.retainAcked);
    else {
      this.#release(entry);
      entry.state = 'acked-early';
      this.#keys.offer(entry);
    }
  }

  /** Ends the message's life here at once. */
  finish(entry: Entry, retain: boolean): void {
    this.#release(entry);
    entry.state = 'acked';
    if (retain) this.#changed(entry);
    else this.#remove(entry);
    if (this.#keys.first(entry) === entry) this.#advanceKey(entry);
    else this.#keys.offer(entry);
  }

  /** Ends a lease without success: the message is ready at once, or at `readyMs`, and those of its key after it. */
  fail(entry: Entry, readyMs: number | null): void {
    this.#release(entry);
    entry.failures += 1;
    this.#makeReadyAt(entry, readyMs);
    this.#changed(entry);
    this.#takeBackBehind(entry);
  }

  nextDueMs(): number | undefined {
    return this.#due.peek()?.dueMs;
  }

  /** Takes one leased entry whose deadline is over; entries whose back-off ended become ready on the way. */
  takeExpired(nowMs: number): Entry | undefined {
    for (let entry = this.#due.peek(); entry !== undefined && entry.dueMs <= nowMs; entry = this.#due.peek()) {
      const expired = entry.state === 'leased' ? this.#keys.firstExpired(entry, nowMs) : null;
      this.#due.remove(expired ?? entry);
      if (expired !== null) return expired;
      this.#makeReady(entry);
    }
    return undefined;
  }

  /** Drops what has been here since before `ms`, acknowledged or not. */
  dropOlderThan(ms: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.ageFromMs >= ms) break;
      this.finish(entry, false);
    }
  }

  /**
   * Makes exactly these messages unacknowledged. Deliveries of what stays unacknowledged stay leased, except where an
   * ordering key has to start again from an earlier message; acknowledgements of those deliveries no longer count.
   */
  seek(unacknowledged: readonly StoredMessage[], nowMs: number): void {
    const wanted = new Map(unacknowledged.map((message) => [message.seq, message]));
    for (const entry of this.#entries.values()) {
      if (entry.state !== 'acked' && !wanted.has(entry.message.seq)) this.finish(entry, this.retainAcked);
    }
    for (const [seq, message] of wanted) {
      if (!this.#entries.has(seq)) this.#insert(message, nowMs);
    }
    const entries = [...this.#entries.values()].sort((a, b) => a.message.seq - b.message.seq);
    this.#entries = new Map(entries.map((entry) => [entry.message.seq, entry]));
    this.#keys.clear();
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
    this.#keys.clear();
    this.#ready = new Fifo();
  }

  #restart(entry: Entry): void {
    if (!this.#isKeyed(entry) && (entry.state === 'leased' || entry.state === 'backing-off')) return;
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
    if (!this.#isKeyed(entry) || this.#keys.push(entry)) this.#makeReadyAt(entry, readyMs);
  }

  #isKeyed(entry: Entry): boolean {
    return this.#ordered && entry.message.wire.orderingKey !== '';
  }

  #makeReadyAt(entry: Entry, readyMs: number | null): void {
    if (readyMs === null) this.#makeReady(entry);
    else {
      entry.state = 'backing-off';
      this.#due.set(entry, readyMs);
    }
  }

  #makeReady(entry: Entry): void {
    entry.state = this.isBehind(entry) ? 'held' : 'ready';
    if (entry.state === 'ready') this.#ready.push(entry);
    else this.#keys.offer(entry);
  }

  #lease(entry: Entry, holder: LeaseHolder, dueMs: number): string {
    entry.state = 'leased';
    this.#lastLease += 1;
    entry.lease = this.#lastLease;
    entry.holder = holder;
    if (this.#isKeyed(entry)) entry.lastHolder = holder;
    holder.leased(entry.message.bytes);
    this.#due.set(entry, dueMs);
    this.#keys.offer(entry);
    return this.#ackIds.format({ seq: entry.message.seq, lease: entry.lease });
  }

  #release(entry: Entry): void {
    this.#due.remove(entry);
    entry.holder?.released(entry.message.bytes);
    entry.holder = null;
  }

  /** The first of a key is done: so are those behind it that were acknowledged early, and the next may be ready. */
  #advanceKey(done: Entry): void {
    for (let next = this.#keys.shift(done); next !== undefined; next = this.#keys.shift(done)) {
      if (next.state === 'held') this.#makeReady(next);
      if (next.state !== 'acked' && next.state !== 'acked-early') return;
      if (next.state === 'acked') continue;
      next.state = 'acked';
      if (this.retainAcked) this.#changed(next);
      else this.#remove(next);
    }
  }

  /** What was handed out behind a failed message comes again after it; acknowledgements of those deliveries no longer count. */
  #takeBackBehind(failed: Entry): void {
    this.#keys.rewind(failed);
    for (const entry of this.#keys.from(failed)) {
      if (entry === failed || entry.state === 'acked') continue;
      if (entry.state === 'held') return;
      this.#release(entry);
      entry.voidedLease = entry.lease;
      entry.state = 'held';
      this.#changed(entry);
    }
  }
}
