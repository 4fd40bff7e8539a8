import type { Clock } from '../../local/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time forward and runs what falls due, in order of its time; timers set meanwhile are included. */
  advance(ms: number): void;
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const timers = new Map<number, { readonly dueMs: number; readonly callback: () => void }>();
  let nextId = 0;
  const earliest = () =>
    [...timers].sort(([idA, a], [idB, b]) => a.dueMs - b.dueMs || idA - idB).find(([, timer]) => timer.dueMs <= nowMs);
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const id = nextId++;
      timers.set(id, { dueMs: nowMs + delayMs, callback });
      return () => timers.delete(id);
    },
    advance(ms) {
      nowMs += ms;
      for (let due = earliest(); due !== undefined; due = earliest()) {
        timers.delete(due[0]);
        due[1].callback();
      }
    },
  };
}
