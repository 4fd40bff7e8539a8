import { PipelineError } from '../execution/pipeline-error.ts';

/** Resolves when one more may begin: at most `perSecond` in a second, evenly. */
export function createRate(perSecond: number): () => Promise<void> {
  if (!(perSecond > 0) || !Number.isFinite(perSecond)) {
    throw new PipelineError('message/invalid', `perSecond ${perSecond} must be a number above 0`);
  }
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const waitMs = nextAt - performance.now();
    nextAt = Math.max(nextAt, performance.now()) + 1000 / perSecond;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
