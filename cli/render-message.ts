import { toLines } from './visible-text.ts';

/** A message as a person reads it: JSON, or text that cannot move the cursor. */
export const renderMessage = (message: unknown): string =>
  `${typeof message === 'string' ? toLines(message) : JSON.stringify(message, null, 2)}\n`;
