import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../dead-letter/pace.ts';

describe('the pace of replays', () => {
  it('lets no more begin in a second than it may, and the first at once', async () => {
    const pace = createPace(200);
    const startedAt = performance.now();
    await pace();
    expect(performance.now() - startedAt).toBeLessThan(5 * 20);
    await Promise.all(Array.from({ length: 40 }, pace));
    // Timers of Node may fire up to a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(199);
  });
  it('saves nothing up while nothing is replayed', async () => {
    let now = 0;
    const pace = createPace(1000, () => now);
    await pace();
    now = 60_000;
    await pace();
    let isNext = false;
    const next = pace().then(() => {
      isNext = true;
    });
    await Promise.resolve();
    expect(isNext).toBe(false);
    await next;
  });
});
