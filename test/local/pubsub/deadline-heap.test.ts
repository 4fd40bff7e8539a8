import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineHeap, type Timed } from '../../../local/pubsub/deadline-heap.ts';

interface Item extends Timed {
  readonly name: number;
}

function drain(heap: DeadlineHeap<Item>): number[] {
  const dues: number[] = [];
  for (let item = heap.peek(); item !== undefined; item = heap.peek()) {
    dues.push(item.dueMs);
    heap.remove(item);
  }
  return dues;
}

describe('a deadline heap', () => {
  it('gives the earliest first after any sequence of insertions, moves and removals', () => {
    const operation = fc.record({ name: fc.nat(9), dueMs: fc.nat(100), removes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const heap = new DeadlineHeap<Item>();
        const items = Array.from({ length: 10 }, (_, name): Item => ({ name, dueMs: 0, heapIndex: -1 }));
        const expected = new Map<number, number>();
        for (const { name, dueMs, removes } of operations) {
          if (removes) heap.remove(items[name]!);
          else heap.set(items[name]!, dueMs);
          if (removes) expected.delete(name);
          else expected.set(name, dueMs);
        }
        expect(drain(heap)).toEqual([...expected.values()].sort((a, b) => a - b));
      }),
      { numRuns: 200, seed: 20260101 },
    );
  });
});
