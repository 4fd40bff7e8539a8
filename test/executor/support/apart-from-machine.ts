import { noMemoryLimit } from '../../../executor/limits/limit-warnings.ts';
import type { CompletionEvent } from '../../../schemas/generated/messages.ts';

/** An event as it is on a machine where groups can be made: whether they can says nothing of the command. */
export function apartFromMachine(event: CompletionEvent): CompletionEvent {
  const { warnings, ...others } = event;
  return warnings === undefined ? event : { ...others, warnings: warnings.filter((one) => one !== noMemoryLimit) };
}
