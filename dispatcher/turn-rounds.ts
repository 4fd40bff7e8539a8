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
}

/**
 * Rounds of giving turns, one at a time. They are quick, not sure: should this process end or sleep, the sweep and every
 * end of an execution have another one begin.
 */
export function createTurnRounds({ giveTurns, everyMs, log }: TurnRoundsOptions): TurnRounds {
  let underWay: Promise<void> | null = null;
  let isWanted = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    let doSomeWait = false;
    while (isWanted && !isClosed) {
      isWanted = false;
      doSomeWait = await giveTurns();
    }
    if (doSomeWait && !isClosed) timer = setTimeout(want, everyMs);
  }

  function want(): void {
    clearTimeout(timer);
    isWanted = true;
    underWay ??= run()
      .catch((error: unknown) => log('WARNING', 'turns not given', { error }))
      .finally(() => {
        underWay = null;
      });
  }

  return {
    want,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
