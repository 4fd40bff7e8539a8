import type { Log } from '../logging/logger.ts';
import type { ContainerHost } from './container-host.ts';

export interface TidyPolicy {
  /** How long an ended container is kept, for whoever asks what became of it. */
  readonly keepMs: number;
  readonly now: () => number;
}

/** Rounds in the time for which a container is kept. */
const rounds = 10;

/** Removes ended containers for as long as it runs, one round at a time. Returns how to stop it. */
export function keepTidy(
  host: Pick<ContainerHost, 'removeEnded'>,
  { keepMs, now }: TidyPolicy,
  log: Log,
): () => Promise<void> {
  let round: Promise<void> | null = null;
  const tidy = async () => {
    try {
      const removed = await host.removeEnded(now() - keepMs);
      if (removed.length > 0) log('DEBUG', 'ended containers removed', { removed });
    } catch (error) {
      log('WARNING', 'ended containers could not be removed, the next round repeats it', { error });
    }
    round = null;
  };
  const timer = setInterval(() => {
    round ??= tidy();
  }, keepMs / rounds);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
