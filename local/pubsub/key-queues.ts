import type { Entry, LeaseHolder } from './backlog-entry.ts';
import { Fifo } from './fifo.ts';

interface KeyQueue {
  readonly entries: Fifo<Entry>;
  /** So many from the front are out or done; may be too low. */
  handedOut: number;
  /** Who has the first of the key and may get those behind it. */
  offeredTo: LeaseHolder | null;
}

/**
 * The messages of each ordering key that are not done, in the order of publishing. A key without such messages takes no room.
 *
 * Only the first of a key is leased on its own; while it is, its holder alone gets those behind it (`nextFor`), so that all that
 * is out of a key is out to one holder. What is in no queue, for want of a key or of ordering, is behind nothing.
 */
export class KeyQueues {
  readonly #queues = new Map<string, KeyQueue>();
  /** Of each holder, the keys of which it may get more. */
  #offers = new WeakMap<LeaseHolder, Set<KeyQueue>>();

  /** Puts the entry last; true when it is the first of its key. */
  push(entry: Entry): boolean {
    const { orderingKey } = entry.message.wire;
    const queue = this.#queues.get(orderingKey) ?? { entries: new Fifo<Entry>(), handedOut: 0, offeredTo: null };
    this.#queues.set(orderingKey, queue);
    queue.entries.push(entry);
    this.offer(entry);
    return queue.entries.length === 1;
  }

  /** The first of the entry's key, which may be the entry itself. */
  first({ message }: Entry): Entry | undefined {
    return this.#queues.get(message.wire.orderingKey)?.entries.peek();
  }

  /** Whether an earlier message of the entry's key is not done; the entry itself is not done either. */
  isBehind(entry: Entry): boolean {
    const first = this.first(entry);
    return first !== undefined && first !== entry;
  }

  /** Something changed in the entry's key: whoever has its first may get more of it. */
  offer({ message }: Entry): void {
    const queue = this.#queues.get(message.wire.orderingKey);
    const holder = queue?.entries.peek()?.holder;
    if (queue === undefined || !holder?.takesBatches || queue.entries.length === 1) return;
    this.#withdraw(queue);
    queue.offeredTo = holder;
    const offers = this.#offers.get(holder) ?? new Set();
    this.#offers.set(holder, offers.add(queue));
  }

  /** The next message that may follow those which the holder has. Once it is leased its key is offered again, after the others. */
  nextFor(holder: LeaseHolder): Entry | undefined {
    for (const queue of this.#offers.get(holder) ?? []) {
      this.#withdraw(queue);
      const first = queue.entries.peek();
      const next = first?.holder === holder ? nextHeld(queue) : undefined;
      if (next !== undefined) return next;
    }
    return undefined;
  }

  /** Of the leases of a key that are over together with the entry's, the first: with it the others come again. */
  firstExpired(expired: Entry, nowMs: number): Entry {
    for (const entry of this.#queues.get(expired.message.wire.orderingKey)?.entries ?? []) {
      if (entry.state === 'leased' && entry.dueMs <= nowMs) return entry;
    }
    return expired;
  }

  /** The entry, and what is behind it. What is done may be among them. */
  *from(entry: Entry): Generator<Entry> {
    let reached = false;
    for (const other of this.#queues.get(entry.message.wire.orderingKey)?.entries ?? []) {
      reached ||= other === entry;
      if (reached) yield other;
    }
  }

  /** Something that was handed out of the entry's key comes again. */
  rewind({ message }: Entry): void {
    const queue = this.#queues.get(message.wire.orderingKey);
    if (queue !== undefined) queue.handedOut = 0;
  }

  /** Takes away the first of the key, which is done; gives the next. */
  shift({ message }: Entry): Entry | undefined {
    const { orderingKey } = message.wire;
    const queue = this.#queues.get(orderingKey);
    if (queue === undefined) return undefined;
    queue.entries.shift();
    queue.handedOut = Math.max(0, queue.handedOut - 1);
    const next = queue.entries.peek();
    if (next === undefined) {
      this.#withdraw(queue);
      this.#queues.delete(orderingKey);
    }
    return next;
  }

  clear(): void {
    this.#queues.clear();
    this.#offers = new WeakMap();
  }

  #withdraw(queue: KeyQueue): void {
    if (queue.offeredTo !== null) this.#offers.get(queue.offeredTo)?.delete(queue);
    queue.offeredTo = null;
  }
}

/** The first that was not handed out, unless it, or what it waits for, backs off. */
function nextHeld(queue: KeyQueue): Entry | undefined {
  for (let entry = queue.entries.at(queue.handedOut); entry !== undefined; entry = queue.entries.at(queue.handedOut)) {
    if (entry.state === 'held') return entry;
    if (entry.state === 'ready' || entry.state === 'backing-off') return undefined;
    queue.handedOut += 1;
  }
  return undefined;
}
