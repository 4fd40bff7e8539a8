import { PipelineError } from '../execution/pipeline-error.ts';
import type { WatchRecord } from './client-ports.ts';
import { type Address, findRefusal } from './require-listening.ts';

/** Ends waits for a service that is gone. */
export interface EndpointGuard {
  /** Settles as the call does; rejects once the service is known to be gone. The call itself goes on. */
  during<T>(call: Promise<T>): Promise<T>;
  /** Calls back once, when the service is known to be gone, unless the returned function is called before. */
  onLost(callback: (error: PipelineError) => void): () => void;
}

/** Of Google's own services: they come back, and their clients know how to wait for that. */
export const unguarded: EndpointGuard = { during: (call) => call, onLost: () => () => {} };

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);

/** A local stack that is started again is back well within `afterMs`. */
const defaults: GuardTimes = { everyMs: 1000, afterMs: 5000 };

interface GuardTimes {
  readonly everyMs: number;
  readonly afterMs: number;
}

/**
 * Guards the calls to a local stack: Google's clients go on trying when it was stopped, for minutes or for good. While
 * somebody waits it is asked for a connection every `everyMs`; refused for `afterMs`, it counts as gone.
 */
export function guardEndpoint(address: Address, { everyMs, afterMs }: GuardTimes = defaults): EndpointGuard {
  if (!isLoopback(address.host)) return unguarded;
  const waiting = new Set<(error: PipelineError) => void>();
  let timer: NodeJS.Timeout | undefined;
  let isProbing = false;
  let refusedSince: number | null = null;

  async function probe(): Promise<void> {
    isProbing = true;
    const cause = await findRefusal(address);
    isProbing = false;
    refusedSince = cause === null ? null : (refusedSince ?? performance.now());
    if (refusedSince !== null && performance.now() - refusedSince >= afterMs) tell(cause);
    schedule();
  }
  function schedule(): void {
    clearTimeout(timer);
    if (waiting.size > 0 && !isProbing) timer = setTimeout(probe, everyMs);
  }
  function tell(cause: unknown): void {
    const what = `the local stack at ${address.host}:${address.port} does not answer any more: was it stopped (npm start)?`;
    for (const callback of [...waiting]) {
      waiting.delete(callback);
      callback(new PipelineError('google/unavailable', what, { cause }));
    }
  }
  const onLost: EndpointGuard['onLost'] = (callback) => {
    const entry = (error: PipelineError) => callback(error);
    waiting.add(entry);
    if (waiting.size === 1) schedule();
    return () => {
      waiting.delete(entry);
      if (waiting.size === 0) clearTimeout(timer);
    };
  };
  return {
    onLost,
    async during(call) {
      const { promise, reject } = Promise.withResolvers<never>();
      const stop = onLost(reject);
      try {
        return await Promise.race([call, promise]);
      } finally {
        stop();
      }
    },
  };
}

/** A watch that fails when the service is known to be gone. */
export const guardWatch =
  <T, Id = string>(guard: EndpointGuard, watch: WatchRecord<T, Id>): WatchRecord<T, Id> =>
  (id, onRecord, onError) => {
    const stop = watch(id, onRecord, onError);
    const forget = guard.onLost((error) => {
      stop();
      onError(error);
    });
    return () => {
      forget();
      stop();
    };
  };
