import type { CompletionEvent } from '../schemas/generated/messages.ts';
import { assertNever } from './assert-never.ts';
import type { ExecutionRecord, OwedEnd } from './records.ts';
import { endWithoutExecutor } from './synthetic-event.ts';

/*
 * An end that nobody but a service can tell is stored with its execution, in the transaction that takes the execution out of
 * its place. From then on it is owed: whoever looks at the record publishes the same event, until it is collected.
 */

/** The end that is decided and not collected yet; null when none is. */
export function owedEndOf(execution: ExecutionRecord): OwedEnd | null {
  switch (execution.state) {
    case 'queued':
      return execution.owedEnd ?? null;
    case 'rejected': {
      const { code, message, owedEnd } = execution;
      return { outcome: { kind: 'rejected', code, message }, owedAt: owedEnd.owedAt };
    }
    case 'launching':
    case 'running':
    case 'finished':
      return null;
    default:
      return assertNever(execution);
  }
}

/** The completion event of the owed end: the same one however often it is made. */
export function owedEvent(execution: ExecutionRecord): CompletionEvent | null {
  const owed = owedEndOf(execution);
  return owed === null ? null : endWithoutExecutor(execution, null, owed.outcome, new Date(owed.owedAt).toISOString());
}
