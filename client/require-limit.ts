import { PipelineError } from '../execution/pipeline-error.ts';

/** A page that Firestore answers in one go. */
const maxLimit = 1000;

/** How many records a list may ask for. */
export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw new PipelineError('message/invalid', `limit ${limit} must be a whole number from 1 to ${maxLimit}`);
}
