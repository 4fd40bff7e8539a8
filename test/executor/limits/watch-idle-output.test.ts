import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type IdleWatch, watchIdleOutput } from '../../../executor/limits/watch-idle-output.ts';

let idle: number;
let watch: IdleWatch;
beforeEach(() => {
  jest.useFakeTimers();
  idle = 0;
  watch = watchIdleOutput(1000, () => void idle++);
});
afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

const take = () => {
  watch.taking();
  watch.taken();
};

describe('a command that may be silent for a second', () => {
  it.each([
    [999, 0],
    [1000, 1],
    [5000, 1],
  ])('and is so for %d ms was too silent so often: %d', (ms, times) => {
    jest.advanceTimersByTime(ms);
    expect(idle).toBe(times);
  });

  it('begins anew with each byte', () => {
    for (let second = 0; second < 10; second++) {
      jest.advanceTimersByTime(999);
      take();
    }
    expect(idle).toBe(0);
    jest.advanceTimersByTime(999);
    expect(idle).toBe(0);
    jest.advanceTimersByTime(1);
    expect(idle).toBe(1);
  });

  it('is not silent while somebody takes what it wrote', () => {
    watch.taking();
    jest.advanceTimersByTime(10_000);
    watch.taken();
    jest.advanceTimersByTime(999);
    expect(idle).toBe(0);
    jest.advanceTimersByTime(1);
    expect(idle).toBe(1);
  });

  it('is not looked at any more when it has ended', () => {
    watch.close();
    jest.advanceTimersByTime(10_000);
    expect(idle).toBe(0);
  });
});
