import type { protos } from '@google-cloud/run';
import { status } from '@grpc/grpc-js';
import type { JobEndCause, JobEvidence } from '../execution/job-evidence.ts';

type Task = protos.google.cloud.run.v2.ITask;
type Result = protos.google.cloud.run.v2.ITaskAttemptResult;

/**
 * What a task of Cloud Run says of itself. The task has no field for the cause of its end: exit code and signal come first
 * only where Cloud Run did not end the attempt itself, because then they are what its SIGTERM or SIGKILL brought about
 * (google.cloud.run.v2.TaskAttemptResult).
 */
export function readTaskEvidence(task: Task): JobEvidence {
  const completed = task.conditions?.find(({ type }) => type === 'Completed');
  if (!task.completionTime) {
    return task.startTime ? { kind: 'running' } : { kind: 'waiting', message: completed?.message ?? '' };
  }
  const result = task.lastAttemptResult;
  return {
    kind: 'ended',
    cause: causeOf(result, completed?.executionReason === 'CANCELLED'),
    exitCode: result?.exitCode ?? null,
    signal: result?.termSignal || null,
    message: result?.status?.message || completed?.message || '',
  };
}

function causeOf(result: Result | null | undefined, wasCancelled: boolean): JobEndCause {
  const code = result?.status?.code ?? status.OK;
  if (wasCancelled || code === status.CANCELLED) return 'cancelled';
  if (code === status.DEADLINE_EXCEEDED) return 'timed-out';
  if (result?.termSignal) return 'signaled';
  if (code !== status.OK && !result?.exitCode) return 'not-started';
  return 'exited';
}
