/** What a heap needs to know of its items; both fields belong to the heap. */
export interface Timed {
  dueMs: number;
  /** Place in the heap, -1 outside it. */
  heapIndex: number;
}

/**
 * A binary heap ordered by `dueMs` whose items know their place, so that an ack removes its deadline
 * at once and the heap never grows beyond what is outstanding.
 */
export class DeadlineHeap<T extends Timed> {
  readonly #items: T[] = [];

  peek(): T | undefined {
    return this.#items[0];
  }

  /** Inserts the item, or moves it when it is there already. */
  set(item: T, dueMs: number): void {
    item.dueMs = dueMs;
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#settle(item);
  }

  /** Does nothing when the item is not there. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#place(last, index);
    this.#settle(last);
  }

  #settle(item: T): void {
    for (;;) {
      const parentIndex = (item.heapIndex - 1) >> 1;
      const parent = item.heapIndex === 0 ? undefined : this.#items[parentIndex];
      if (parent === undefined || parent.dueMs <= item.dueMs) break;
      this.#swap(item, parent);
    }
    for (;;) {
      const child = this.#earlierChild(item.heapIndex);
      if (child === undefined || child.dueMs >= item.dueMs) break;
      this.#swap(item, child);
    }
  }

  #earlierChild(index: number): T | undefined {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    if (left === undefined || right === undefined) return left;
    return right.dueMs < left.dueMs ? right : left;
  }

  #swap(a: T, b: T): void {
    const indexOfA = a.heapIndex;
    this.#place(a, b.heapIndex);
    this.#place(b, indexOfA);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
