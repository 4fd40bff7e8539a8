import type { Entry } from './backlog-entry.ts';
import { Fifo } from './fifo.ts';

/** The messages of each ordering key that are not done, in the order of publishing. A key without such messages takes no room. */
export class KeyQueues {
  readonly #queues = new Map<string, Fifo<Entry>>();

  /** Puts the entry last; true when it is the first of its key. */
  push(entry: Entry): boolean {
    const { orderingKey } = entry.message.wire;
    const queue = this.#queues.get(orderingKey) ?? new Fifo<Entry>();
    this.#queues.set(orderingKey, queue);
    queue.push(entry);
    return queue.length === 1;
  }

  /** The first of the entry's key, which may be the entry itself. */
  first({ message }: Entry): Entry | undefined {
    return this.#queues.get(message.wire.orderingKey)?.peek();
  }

  /** Whether an earlier message of the entry's key is not done; the entry itself is not done either. */
  isBehind(entry: Entry): boolean {
    const first = this.first(entry);
    return first !== undefined && first !== entry;
  }

  /** The entry, and what is behind it. What is done may be among them. */
  *from(entry: Entry): Generator<Entry> {
    let reached = false;
    for (const other of this.#queues.get(entry.message.wire.orderingKey) ?? []) {
      reached ||= other === entry;
      if (reached) yield other;
    }
  }

  /** Takes away the first of the key, which is done; gives the next. */
  shift({ message }: Entry): Entry | undefined {
    const { orderingKey } = message.wire;
    const queue = this.#queues.get(orderingKey);
    queue?.shift();
    const next = queue?.peek();
    if (next === undefined) this.#queues.delete(orderingKey);
    return next;
  }

  clear(): void {
    this.#queues.clear();
  }
}
