/**
 * Those that wait for capacity although their end is announced: expired, or cancelled. Each is looked at now and then, so
 * that its end is told again should it be lost, but ever more rarely: while nobody collects ends, there may be thousands.
 */
export interface EndedTurns {
  /** Of those that are over, the ones to look at again now. What is not among them any more is forgotten. */
  due(executionIds: readonly string[]): readonly string[];
}

const firstWaitMs = 10_000;
const longestWaitMs = 10 * 60_000;

export function createEndedTurns(now: () => number): EndedTurns {
  let told = new Map<string, { readonly againAt: number; readonly waitMs: number }>();
  return {
    due(executionIds) {
      const next: typeof told = new Map();
      const due = executionIds.filter((executionId) => {
        const before = told.get(executionId);
        const isDue = before === undefined || now() >= before.againAt;
        const waitMs = before === undefined ? firstWaitMs : Math.min(before.waitMs * 2, longestWaitMs);
        next.set(executionId, isDue ? { againAt: now() + waitMs, waitMs } : before);
        return isDue;
      });
      told = next;
      return due;
    },
  };
}
