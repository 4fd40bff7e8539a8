import type { Log } from '../logging/logger.ts';

/**
 * Sweeps every `everyMs`, one round at a time, besides the rounds that messages ask for. Returns how to stop it, which
 * waits for the round under way.
 */
export function keepSweeping(everyMs: number, sweep: () => Promise<void>, log: Log): () => Promise<void> {
  let round: Promise<void> | null = null;
  const timer = setInterval(() => {
    round ??= sweep()
      .catch((error: unknown) => log('WARNING', 'sweep failed, the next one repeats it', { error }))
      .finally(() => {
        round = null;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
