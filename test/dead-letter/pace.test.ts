import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPace } from '../../dead-letter/pace.ts';

let now: number;
/** When each that was let begin may begin, in order. */
let begun: number[];
const clock = { now: () => now, wait: async (ms: number) => void begun.push(now + ms) };

beforeEach(() => {
  now = 0;
  begun = [];
});

describe('the pace of replays', () => {
  it('lets no more begin in a second than it may, evenly, and the first at once', async () => {
    const pace = createPace(200, clock);
    await Promise.all(Array.from({ length: 41 }, pace));
    expect(begun).toEqual(Array.from({ length: 40 }, (_, index) => 5 * (index + 1)));
  });

  it('makes none wait that comes late enough', async () => {
    const pace = createPace(200, clock);
    await pace();
    now = 5;
    await pace();
    expect(begun).toEqual([]);
  });

  it('saves nothing up while nothing is replayed', async () => {
    const pace = createPace(1000, clock);
    await pace();
    now = 60_000;
    await pace();
    await pace();
    expect(begun).toEqual([60_001]);
  });

  it('waits by the real clock where none is given', async () => {
    const pace = createPace(50);
    const order: string[] = [];
    await pace();
    const second = pace().then(() => order.push('second'));
    await Promise.resolve();
    order.push('first goes on');
    await second;
    expect(order).toEqual(['first goes on', 'second']);
  });
});
