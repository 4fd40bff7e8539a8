/** When to do something again that was done and has not shown its effect yet: ever more rarely. */
export interface RareRepeats {
  /** Whether it is to be done now. True the first time; from then on after 10 seconds, 20, and so on up to 10 minutes. */
  isDue(id: string): boolean;
}

const firstWaitMs = 10_000;
const longestWaitMs = 10 * 60_000;

/** Known to this process alone. What nobody asks about for twenty minutes is forgotten. */
export function createRareRepeats(now: () => number): RareRepeats {
  const done = new Map<string, { readonly againAt: number; readonly waitMs: number }>();
  let forgetAt = now() + longestWaitMs;

  function forget(): void {
    if (now() < forgetAt) return;
    for (const [id, { againAt }] of done) if (againAt + longestWaitMs <= now()) done.delete(id);
    forgetAt = now() + longestWaitMs;
  }

  return {
    isDue(id) {
      forget();
      const before = done.get(id);
      if (before !== undefined && now() < before.againAt) return false;
      const waitMs = before === undefined ? firstWaitMs : Math.min(before.waitMs * 2, longestWaitMs);
      done.set(id, { againAt: now() + waitMs, waitMs });
      return true;
    },
  };
}
