import { type Entry, type LeaseHolder, newEntry } from './backlog-entry.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { Fifo } from './fifo.ts';
import type { StoredMessage } from './message.ts';

export type FoundLease =
  | { readonly kind: 'current'; readonly entry: Entry }
  /** The lease ended; `entry` is there when the message still waits to be acknowledged. */
  | { readonly kind: 'ended'; readonly entry: Entry | null };

export interface BacklogOptions {
  /** Marks this backlog's ack ids, so that another subscription's are told apart. */
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
    const entry = newEntry(message, message.publishedMs);
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
      if (!this.#entries.has(seq)) this.#entries.set(seq, newEntry(message, options.nowMs));
    }
    const entries = [...this.#entries.values()].sort((a, b) => a.message.seq - b.message.seq);
    this.#entries = new Map(entries.map((entry) => [entry.message.seq, entry]));
    this.#keys = new Map();
    this.#ready = new Fifo();
    for (const entry of entries) if (wanted.has(entry.message.seq)) this.#restart(entry);
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

  #restart(entry: Entry): void {
    const keyed = this.#ordered && entry.message.wire.orderingKey !== '';
    if (!keyed && (entry.state === 'leased' || entry.state === 'backing-off')) return;
    if (entry.state === 'acked') entry.failures = 0;
    this.#release(entry);
    entry.voidedLease = entry.lease;
    this.#queue(entry);
  }

  #queue(entry: Entry): void {
    entry.state = 'held';
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
