import { PipelineError } from '../execution/pipeline-error.ts';

/** What a client has under way, so that closing it leaves nothing behind. */
export interface OpenWork {
  /** Aborted when the client is closed, with client/closed as the reason. */
  readonly closing: AbortSignal;
  /** Registers what ends a piece of work early; the returned function says that the work has ended by itself. */
  add(end: () => void): () => void;
  /** Has `close` wait for something that nobody else waits for. Its failure is not told: nothing depends on it. */
  settle(rest: Promise<unknown>): void;
  /** Ends everything that is registered and waits for the rest. */
  close(): Promise<void>;
}

export function createOpenWork(): OpenWork {
  const ends = new Set<() => void>();
  const rests = new Set<Promise<unknown>>();
  const closing = new AbortController();
  return {
    closing: closing.signal,
    add(end) {
      ends.add(end);
      return () => ends.delete(end);
    },
    settle(rest) {
      const settled: Promise<unknown> = rest.then(
        () => rests.delete(settled),
        () => rests.delete(settled),
      );
      rests.add(settled);
    },
    async close() {
      closing.abort(clientClosed());
      for (const end of ends) end();
      while (rests.size > 0) await Promise.all(rests);
    },
  };
}

export const clientClosed = (): PipelineError =>
  new PipelineError('client/closed', 'the client was closed, and takes no more calls');
