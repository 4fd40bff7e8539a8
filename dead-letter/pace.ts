import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that can be waited on, in milliseconds. */
export interface PaceClock {
  now(): number;
  wait(ms: number): Promise<unknown>;
}

const monotonic: PaceClock = { now: () => performance.now(), wait: (ms) => sleep(ms) };

/** Resolves when one more may begin: at most `perSecond` in a second, evenly, without saving up for later. */
export function createPace(perSecond: number, clock: PaceClock = monotonic): () => Promise<void> {
  const everyMs = 1000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = Math.max(clock.now(), nextAt);
    nextAt = at + everyMs;
    const waitMs = at - clock.now();
    if (waitMs > 0) await clock.wait(waitMs);
  };
}
