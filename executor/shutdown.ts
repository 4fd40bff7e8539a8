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

/** Aborts when a shutdown began so long ago that everything must be stored. `forget` ends its timer. */
export function storingDeadline(shutdown: AbortSignal): { readonly ended: AbortSignal; readonly forget: () => void } {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = () => deadline.abort(new Error('the executor was shut down and it took too long'));
  const begin = () => {
    const { at } = shutdown.reason as Shutdown;
    const leftMs = at + shutdownPlan.storedByMs - performance.now();
    if (leftMs > 0) timer = setTimeout(late, leftMs);
    else late();
  };
  if (shutdown.aborted) begin();
  else shutdown.addEventListener('abort', begin, { once: true });
  const forget = () => {
    clearTimeout(timer);
    shutdown.removeEventListener('abort', begin);
  };
  return { ended: deadline.signal, forget };
}

/** Waits for `work`; rejects with the reason of `ended` when that comes first. The work goes on then. */
export async function unlessEnded<T>(work: Promise<T>, ended: AbortSignal): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(ended.reason);
  if (ended.aborted) end();
  else ended.addEventListener('abort', end, { once: true });
  work.catch(() => {}); // nobody waits for it once it is late
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    ended.removeEventListener('abort', end);
  }
}

/** Waits for `work`; rejects when a shutdown began so long ago that it must be over. */
export async function withinShutdown<T>(work: Promise<T>, shutdown: AbortSignal): Promise<T> {
  const { ended, forget } = storingDeadline(shutdown);
  try {
    return await unlessEnded(work, ended);
  } finally {
    forget();
  }
}
