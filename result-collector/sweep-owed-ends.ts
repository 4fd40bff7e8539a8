import { owedEvent } from '../execution/owed-end.ts';
import type { ExecutionRecord } from '../execution/records.ts';
import type { SweeperPorts } from './ports.ts';
import { sweepPages } from './sweep-pages.ts';

/** How long an end that was decided may take to be published and collected before the sweeper publishes it too. */
export const endOwedAfterMs = 10_000;

/**
 * Publishes the ends that were decided and, it seems, never published: the service died in between, or the deliveries of
 * its message, or those of the completion event, ran out. Where it was only slow, the same event comes twice; where events are
 * collected slowly it comes ever more rarely, so that rounds do not add to what waits.
 */
export const sweepOwedEnds = (ports: SweeperPorts): Promise<void> => {
  const owedBefore = ports.now() - endOwedAfterMs;
  return sweepPages<ExecutionRecord>(
    (limit, after) => ports.findOwedEnds(owedBefore, limit, after),
    async (execution) => {
      const event = owedEvent(execution);
      if (event !== null && ports.isEndDue(execution.executionId)) await ports.publishCompletion(event);
    },
  );
};
