import type { Log } from '../logging/logger.ts';

/** Tells the deployment's limits to whoever explains why something waits. */
export interface LimitsNotice {
  /** Has them told, unless they were by this process. Waits for nothing: no execution hangs on it. */
  want(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** What is under way may be cut off: the next process tells them. */
  close(): void;
}

export function createLimitsNotice(tell: () => Promise<void>, log: Log): LimitsNotice {
  let isTold = false;
  let isClosed = false;
  let underWay: Promise<void> | null = null;
  return {
    want() {
      if (isTold || isClosed) return;
      underWay ??= tell()
        .then(
          () => {
            isTold = true;
          },
          (error: unknown) => {
            if (!isClosed) log('WARNING', 'limits not told, tried again with the next round', { error });
          },
        )
        .finally(() => {
          underWay = null;
        });
    },
    settled: async () => {
      await underWay;
    },
    close() {
      isClosed = true;
    },
  };
}
