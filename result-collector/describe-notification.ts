import type { FinishedExecution } from '../execution/records.ts';
import type { Notification } from '../schemas/generated/messages.ts';

/** What subscribers are told of a stored outcome; the output itself stands in the document. */
export function describeNotification({ result, launch }: FinishedExecution): Notification {
  const { executionId, sessionId, tenantId, status, outcome, exitCode, signal, finishedAt, labels, replayOf } = result;
  return {
    ...{ executionId, sessionId, tenantId, status, outcome, exitCode, signal, finishedAt },
    generation: launch?.generation ?? 0,
    document: `executions/${executionId}`,
    checkpoint: result.newState?.checkpoint?.number ?? null,
    ...(labels && { labels }),
    ...(replayOf && { replayOf }),
  };
}
