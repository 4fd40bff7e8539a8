import { status } from '@grpc/grpc-js';
import type { ProcessEnd } from './spawner-messages.ts';
import type { TaskAttemptResult } from './wire-messages.ts';

/** Why this server ended an attempt; null: the process ended by itself. */
export type StopCause = 'timeout' | 'cancel' | null;

export interface AttemptFacts {
  readonly end: ProcessEnd;
  readonly stopCause: StopCause;
  /** The signal that was sent last, when the attempt was stopped. */
  readonly stopSignal: number;
  /** Attempts are numbered from 0. */
  readonly attempt: number;
  readonly maxRetries: number;
}

export type AttemptDecision =
  | { readonly kind: 'succeeded'; readonly result: TaskAttemptResult }
  | { readonly kind: 'retry'; readonly result: TaskAttemptResult }
  | { readonly kind: 'failed'; readonly result: TaskAttemptResult }
  | { readonly kind: 'cancelled'; readonly result: TaskAttemptResult };

/** What the end of one attempt means for its task. A timed-out attempt is retried like any other failure. */
export function decideAttempt(facts: AttemptFacts): AttemptDecision {
  const result = attemptResult(facts);
  if (facts.stopCause === 'cancel') return { kind: 'cancelled', result };
  if (result.status.code === status.OK) return { kind: 'succeeded', result };
  return { kind: facts.attempt < facts.maxRetries ? 'retry' : 'failed', result };
}

/**
 * `exitCode` is what the process chose; `termSignal` is set when a signal ended it or when this server stopped it,
 * even if the process then exited by itself within its ten seconds.
 */
function attemptResult({ end, stopCause, stopSignal }: AttemptFacts): TaskAttemptResult {
  if (stopCause !== null) {
    const termSignal = end.kind === 'signaled' ? end.signal : stopSignal;
    const reason =
      stopCause === 'timeout'
        ? { code: status.DEADLINE_EXCEEDED, message: 'The configured timeout was reached.' }
        : { code: status.CANCELLED, message: 'The task was cancelled.' };
    return { status: reason, exitCode: 0, termSignal };
  }
  switch (end.kind) {
    case 'exited':
      if (end.exitCode === 0) return { status: { code: status.OK, message: '' }, exitCode: 0, termSignal: 0 };
      return {
        status: { code: status.ABORTED, message: `The container exited with an error: exit(${end.exitCode}).` },
        exitCode: end.exitCode,
        termSignal: 0,
      };
    case 'signaled':
      return {
        status: { code: status.ABORTED, message: `The container was terminated by signal ${end.signal}.` },
        exitCode: 0,
        termSignal: end.signal,
      };
    case 'not-started':
      return {
        status: { code: status.FAILED_PRECONDITION, message: `The container could not be started: ${end.message}.` },
        exitCode: 0,
        termSignal: 0,
      };
    case 'lost':
      return {
        status: { code: status.INTERNAL, message: `The container was lost: ${end.message}.` },
        exitCode: 0,
        termSignal: 0,
      };
  }
}
