import { type ExecutionRecord, isFinal } from './execution-record.ts';
import { decideAttempt } from './task-outcome.ts';

const lost = { kind: 'lost', message: 'the server stopped before the task ended' } as const;

/**
 * Completes an execution whose server went away: its processes were ended with it. A task that was being started or
 * ran has failed, one that waited or was being cancelled is cancelled; nothing is retried.
 */
export function endLost(record: ExecutionRecord, nowMs: number): void {
  const wasEnding = record.ending !== null;
  for (const task of record.tasks) {
    if (isFinal(task.phase)) continue;
    const failed = !wasEnding && task.phase !== 'waiting';
    if (task.phase !== 'waiting') {
      const stopCause = failed ? null : 'cancel';
      const { attempt } = task;
      task.lastAttemptResult = decideAttempt({ end: lost, stopCause, stopSignal: 0, attempt, maxRetries: 0 }).result;
    }
    task.phase = failed ? 'failed' : 'cancelled';
    task.completedAtMs = nowMs;
    task.updatedAtMs = nowMs;
    if (failed) record.failedTask ??= task;
  }
  record.ending ??= 'task-failed';
  record.completedAtMs = nowMs;
  record.updatedAtMs = nowMs;
  record.revision += 1;
}
