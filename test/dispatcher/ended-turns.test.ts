import { describe, expect, it } from '@jest/globals';
import { createEndedTurns } from '../../dispatcher/ended-turns.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('a turn that is over', () => {
  it('is looked at at once, then after ever longer times, up to ten minutes', () => {
    const clock = createManualClock();
    const ended = createEndedTurns(clock.now);
    const seconds: number[] = [];
    for (let second = 0; second <= 2000; second += 1) {
      seconds.push(...ended.due(['e']).map(() => second));
      clock.advance(1000);
    }
    expect(seconds).toEqual([0, 10, 30, 70, 150, 310, 630, 1230, 1830]);
  });

  it('is forgotten when it waits no more', () => {
    const ended = createEndedTurns(() => 0);
    expect([ended.due(['e']), ended.due(['e']), ended.due([]), ended.due(['e'])]).toEqual([['e'], [], [], ['e']]);
  });
});
