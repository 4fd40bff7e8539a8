import { setTimeout as delay } from 'node:timers/promises';

/** Looks at something again and again while a command runs. */
export interface Poll {
  /** Resolves when no look is under way, with why the first one failed; null when none did. */
  stop(): Promise<Error | null>;
}

/** How long to wait before the next look; null: there is nothing more to see. */
export type Look = (stopped: AbortSignal) => Promise<number | null> | number | null;

const againAfterMs = 500;

/** A look that fails ends neither the command nor the poll: a command may have brought it about to be watched no longer. */
export function startPoll(look: Look): Poll {
  const stopping = new AbortController();
  const { signal } = stopping;
  let failure: Error | null = null;
  const lookOnce = async (): Promise<number | null> => {
    try {
      return await look(signal);
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
      return againAfterMs;
    }
  };
  const run = async () => {
    for (let waitMs = await lookOnce(); waitMs !== null && !signal.aborted; waitMs = await lookOnce()) {
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  };
  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await ended;
      return failure;
    },
  };
}
