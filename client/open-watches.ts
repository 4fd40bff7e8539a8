import type { WatchRecord } from './client-ports.ts';
import { clientClosed } from './open-work.ts';

/** The watches of a client, each of something that takes a while to open. */
export interface OpenWatches {
  /** A watch that opens what it needs first; stopping it works before that too. */
  watch<T, Id = string>(open: () => Promise<WatchRecord<T, Id>>): WatchRecord<T, Id>;
  /** Stops all that are open and tells each client/closed: Google's client cannot be closed while it watches. */
  endAll(): void;
}

export function createOpenWatches(): OpenWatches {
  const ends = new Set<() => void>();
  return {
    watch: (open) => (id, onRecord, onError) => {
      let stopWatch: (() => void) | null = null;
      let isStopped = false;
      const stop = () => {
        isStopped = true;
        ends.delete(end);
        stopWatch?.();
      };
      const end = () => {
        stop();
        onError(clientClosed());
      };
      ends.add(end);
      open().then((watch) => {
        if (!isStopped) stopWatch = watch(id, onRecord, onError);
      }, onError);
      return stop;
    },
    endAll() {
      for (const end of ends) end();
    },
  };
}
