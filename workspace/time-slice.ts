import { setImmediate } from 'node:timers/promises';

const sliceMs = 10;

/**
 * Lets the rest of the process have its turn during long synchronous work, which is several times faster here than
 * asynchronous calls for each file: heartbeats and output go on. Call it between two steps.
 */
export function createTimeSlice(): { readonly isOver: () => boolean; readonly pause: () => Promise<void> } {
  let startedAt = performance.now();
  return {
    isOver: () => performance.now() - startedAt >= sliceMs,
    pause: async () => {
      await setImmediate();
      startedAt = performance.now();
    },
  };
}
