import type { ExecutionRecord, ExecutionState } from '../execution/records.ts';
import type { WatchRecord } from './client-ports.ts';
import type { EndedExecution } from './read-output.ts';

export interface WatchedEnd {
  /** The first record that was seen. */
  readonly accepted: Promise<ExecutionRecord>;
  readonly ended: Promise<EndedExecution>;
  stop(): void;
}

export interface WatchCallbacks {
  /** Told each state once. */
  readonly onState: ((state: ExecutionState) => void) | undefined;
  /** Told what `onState` throws. */
  readonly onThrown: (error: unknown) => void;
}

/**
 * Waits for the end of an execution, which need not exist yet. The watch begins with the present record, so an end that
 * came before it is seen too.
 */
export function watchEnd(
  watchExecution: WatchRecord<ExecutionRecord>,
  executionId: string,
  { onState, onThrown }: WatchCallbacks,
): WatchedEnd {
  const accepted = Promise.withResolvers<ExecutionRecord>();
  const ended = Promise.withResolvers<EndedExecution>();
  // Nobody may be waiting yet, or any more, when the watch fails.
  accepted.promise.catch(() => {});
  ended.promise.catch(() => {});

  let lastState: ExecutionState | null = null;
  const onRecord = (record: ExecutionRecord | null) => {
    if (record === null) return;
    accepted.resolve(record);
    if (record.state === 'finished' || record.state === 'rejected') ended.resolve(record);
    if (record.state === lastState) return;
    lastState = record.state;
    try {
      onState?.(record.state);
    } catch (error) {
      onThrown(error);
    }
  };
  const onError = (error: Error) => {
    accepted.reject(error);
    ended.reject(error);
  };
  return {
    accepted: accepted.promise,
    ended: ended.promise,
    stop: watchExecution(executionId, onRecord, onError),
  };
}
