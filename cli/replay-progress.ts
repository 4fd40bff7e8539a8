import type { ReplayProgress } from '../client/index.ts';

export interface CountProgress {
  onProgress(progress: ReplayProgress): void;
  /** Takes the line away for good: something else is to be written. */
  stop(): void;
}

const renderCount = ({ done, total, refused }: ReplayProgress, isDryRun: boolean): string =>
  `… ${done} of ${total} ${isDryRun ? 'looked at' : 'replayed'}${refused === 0 ? '' : `, ${refused} of them refused`}`;

export interface ProgressSetting {
  readonly isWatched: boolean;
  /** Nothing is replayed. */
  readonly isDryRun: boolean;
  now(): number;
}

/** Fewer are done before a person has read a line. */
const worthTelling = 10;

/**
 * Tells how far a replay of many is: to a person in one line that is written over itself, at most ten times a second; to a
 * log in a line for each tenth.
 */
export function createCountProgress(
  write: (text: string) => void,
  { isWatched, isDryRun, now }: ProgressSetting,
): CountProgress {
  let [shownAt, shownTenth, isShown] = [Number.NEGATIVE_INFINITY, 0, false];
  return {
    onProgress(progress) {
      const { done, total } = progress;
      if (total < worthTelling || done === 0) return;
      if (isWatched) {
        if (now() - shownAt < 100 && done < total) return;
        shownAt = now();
        isShown = true;
        return write(`\r\u001b[K${renderCount(progress, isDryRun)}`);
      }
      const tenth = Math.floor((done * 10) / total);
      if (tenth === shownTenth) return;
      shownTenth = tenth;
      write(`${renderCount(progress, isDryRun)}\n`);
    },
    stop() {
      if (isShown) write('\r\u001b[K');
      isShown = false;
    },
  };
}
