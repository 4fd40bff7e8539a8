import { PipelineError } from '../execution/pipeline-error.ts';

/** Why waiting for an execution may end before the execution does. */
export interface Patience {
  /** Never resolves; rejects when waiting ends. */
  readonly ended: Promise<never>;
  end(error: unknown): void;
  /** Waiting has its result: nothing ends it any more. */
  release(): void;
}

export interface PatienceOptions {
  readonly executionId: string;
  readonly signal: AbortSignal | undefined;
  readonly waitMs: number | undefined;
  /** Asks for the execution to be cancelled. */
  readonly cancel: (reason: string) => Promise<void>;
}

/** Timers of Node end at once when asked for more. */
const maxTimerMs = 2 ** 31 - 1;

/** Waits as long as the caller wants to: until the signal is aborted, which cancels the execution, or the time is up. */
export function createPatience({ executionId, signal, waitMs, cancel }: PatienceOptions): Patience {
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => {}); // waiting may be over by then
  const onAbort = () => {
    cancel(reasonOf(signal)).then(
      () => end(aborted(`waiting for ${executionId} was aborted and its cancellation asked for`)),
      (cause) => end(aborted(`waiting for ${executionId} was aborted, but it could not be cancelled`, { cause })),
    );
  };
  const onTimeout = () => end(new PipelineError('client/timeout', `no end of ${executionId} within ${waitMs} ms`));
  const timer = waitMs === undefined ? undefined : setTimeout(onTimeout, Math.min(waitMs, maxTimerMs));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    ended,
    end,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

export const aborted = (what: string, options?: ErrorOptions) => new PipelineError('client/aborted', what, options);

const reasonOf = (signal: AbortSignal | undefined): string => {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason.message : String(reason);
};
