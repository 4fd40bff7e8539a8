import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when one more may begin: at most `perSecond` in a second, evenly, without saving up for later. */
export function createPace(perSecond: number, now: () => number = () => performance.now()): () => Promise<void> {
  const everyMs = 1000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = Math.max(now(), nextAt);
    nextAt = at + everyMs;
    const waitMs = at - now();
    if (waitMs > 0) await sleep(waitMs);
  };
}
