import type { Log } from '../logging/logger.ts';

export interface TurnRounds {
  /** Has a round begin, now or after the one under way; rounds go on by themselves while anybody waits. */
  want(): void;
  close(): Promise<void>;
}

export interface TurnRoundsOptions {
  /** One round; resolves with whether somebody still waits. */
  readonly giveTurns: () => Promise<boolean>;
  readonly everyMs: number;
  readonly log: Log;
  /** Calls back once after `delayMs`, unless the returned function is called before. */
  readonly after?: (delayMs: number, callback: () => void) => () => void;
}

const afterReally = (delayMs: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/**
 * Rounds of giving turns, one at a time. They are quick, not sure: should this process end or sleep, the sweep and every
 * end of an execution have another one begin.
 */
export function createTurnRounds({ giveTurns, everyMs, log, after = afterReally }: TurnRoundsOptions): TurnRounds {
  let underWay: Promise<void> | null = null;
  let isWanted = false;
  let isClosed = false;
  let cancelNext = () => {};

  async function run(): Promise<void> {
    let doSomeWait = false;
    while (isWanted && !isClosed) {
      isWanted = false;
      try {
        doSomeWait = await giveTurns();
      } catch (error) {
        log('WARNING', 'turns not given', { error });
        doSomeWait = true; // for all that is known
      }
    }
    // In one step with the look at `isWanted`: a wish that comes any later finds no round under way and begins one.
    underWay = null;
    if (doSomeWait && !isClosed) cancelNext = after(everyMs, want);
  }

  function want(): void {
    if (isClosed) return;
    cancelNext();
    isWanted = true;
    underWay ??= run();
  }

  return {
    want,
    async close() {
      isClosed = true;
      cancelNext();
      await underWay;
    },
  };
}
