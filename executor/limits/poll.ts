import { setTimeout as delay } from 'node:timers/promises';

/** Looks at something again and again while a command runs. */
export interface Poll {
  /** Resolves when no look is under way, with what made the looks end early; null when nothing did. */
  stop(): Promise<Error | null>;
}

/** How long to wait before the next look; null: there is nothing more to see. */
export type Look = (stopped: AbortSignal) => Promise<number | null> | number | null;

/** A look that fails ends the poll and not the command. */
export function startPoll(look: Look): Poll {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    for (let waitMs = await look(signal); waitMs !== null && !signal.aborted; waitMs = await look(signal)) {
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  };
  const ended = run().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
