/**
 * Cloud Run kills a job ten seconds after SIGTERM. Everything that is done then has its end counted from that signal, so
 * that what is slow costs the checkpoint and never the result.
 */
export const shutdownPlan = {
  /** A command gets its own grace, but not more than this. */
  graceMs: 3_000,
  /** When checkpoint and long output must be stored. */
  storedByMs: 7_000,
  /** How long the completion event is tried then. */
  publishMs: 2_000,
} as const;

/** The reason of the signal that tells of a shutdown. */
export interface Shutdown {
  /** `performance.now()` */
  readonly at: number;
}

/** Waits for `work`; rejects when a shutdown began so long ago that it must be over. */
export async function withinShutdown<T>(work: Promise<T>, shutdown: AbortSignal): Promise<T> {
  const over = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const expire = () => {
    const { at } = shutdown.reason as Shutdown;
    const leftMs = at + shutdownPlan.storedByMs - performance.now();
    const late = () => over.reject(new Error('the executor was shut down and it took too long'));
    timer = setTimeout(late, Math.max(0, leftMs));
  };
  if (shutdown.aborted) expire();
  else shutdown.addEventListener('abort', expire, { once: true });
  work.catch(() => {}); // nobody waits for it once it is late
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
    shutdown.removeEventListener('abort', expire);
  }
}
