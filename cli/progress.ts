import type { ExecutionState } from '../client/index.ts';
import { renderDuration } from './render-time.ts';

export interface Progress {
  onState(state: ExecutionState): void;
  /** Takes the line away for good: something else is to be written. */
  stop(): void;
}

const stateTexts: Readonly<Record<ExecutionState, string>> = {
  queued: 'waiting for its turn in the session',
  launching: 'starting',
  running: 'running',
  finished: 'finished',
  rejected: 'rejected',
};

/** null: sent, and nobody has taken it yet. */
export const renderProgress = (state: ExecutionState | null, elapsedMs: number): string =>
  `… ${state === null ? 'sent' : stateTexts[state]} (${renderDuration(Math.floor(elapsedMs / 1000) * 1000)})`;

/** Commands that are done within it show no progress. */
const everyMs = 1000;

/** A line that tells a person what is waited for, written over itself until `stop`. */
export function startProgress(write: (text: string) => void, now: () => number): Progress {
  const startedAt = now();
  let state: ExecutionState | null = null;
  let isShown = false;
  const timer = setInterval(() => {
    write(`\r\u001b[K${renderProgress(state, now() - startedAt)}`);
    isShown = true;
  }, everyMs);
  return {
    onState(next) {
      state = next;
    },
    stop() {
      clearInterval(timer);
      if (isShown) write('\r\u001b[K');
      isShown = false;
    },
  };
}

export const noProgress: Progress = { onState() {}, stop() {} };
