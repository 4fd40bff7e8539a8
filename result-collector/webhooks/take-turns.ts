export interface TurnLimits {
  /** Tasks of one key that run at a time. */
  readonly atOnce: number;
  /** Tasks of one key that may wait. */
  readonly waiting: number;
}

/** Runs the task when its key has a turn; null, and the task is not run, when too many of the key wait. */
export type InTurn = <T>(key: string, task: () => Promise<T>) => Promise<T | null>;

/** Bounds what one key takes of a process, so that a slow one leaves room for the others. */
export function takeTurns({ atOnce, waiting }: TurnLimits): InTurn {
  const keys = new Map<string, { running: number; readonly queue: (() => void)[] }>();
  return async (key, task) => {
    const turns = keys.get(key) ?? { running: 0, queue: [] };
    if (turns.running >= atOnce && turns.queue.length >= waiting) return null;
    keys.set(key, turns);
    if (turns.running < atOnce) turns.running += 1;
    // Whoever ends hands its turn on, so the number of those that run stays as it is.
    else await new Promise<void>((resolve) => turns.queue.push(resolve));
    try {
      return await task();
    } finally {
      const next = turns.queue.shift();
      if (next !== undefined) next();
      else {
        turns.running -= 1;
        if (turns.running === 0) keys.delete(key);
      }
    }
  };
}
