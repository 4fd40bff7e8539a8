import type { TaskAttemptResult, TaskTemplate } from './wire-messages.ts';

/** waiting: not yet among the parallel ones; starting: scheduled, its process not up. The last three are final. */
export type TaskPhase = 'waiting' | 'starting' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface TaskRecord {
  readonly name: string;
  readonly uid: string;
  readonly index: number;
  phase: TaskPhase;
  /** Number of the current attempt, from 0; also the number of retries so far. */
  attempt: number;
  scheduledAtMs: number | null;
  startedAtMs: number | null;
  completedAtMs: number | null;
  updatedAtMs: number;
  lastAttemptResult: TaskAttemptResult | null;
}

/** Why an execution did not succeed: a task failed for good, or somebody asked for the end of those that were left. */
export type EndingCause = 'task-failed' | 'cancelled' | 'deleted';

export interface ExecutionRecord {
  readonly name: string;
  readonly jobName: string;
  /** Tells the job from a later one of the same name. */
  readonly jobUid: string;
  readonly uid: string;
  /** Order of creation, over all jobs of the server. */
  readonly sequence: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** With the overrides applied. */
  readonly template: TaskTemplate & { readonly maxRetries: number };
  readonly parallelism: number;
  readonly tasks: readonly TaskRecord[];
  readonly createdAtMs: number;
  startedAtMs: number | null;
  completedAtMs: number | null;
  updatedAtMs: number;
  ending: EndingCause | null;
  /** Set when it is to be removed once it has completed. */
  deletedAtMs: number | null;
  /** The task whose failure failed the execution. */
  failedTask: TaskRecord | null;
  /** Counts changes; the etag is made of it. */
  revision: number;
}

export function isFinal(phase: TaskPhase): boolean {
  return phase === 'succeeded' || phase === 'failed' || phase === 'cancelled';
}

export function countTasks(record: ExecutionRecord, phase: TaskPhase): number {
  return record.tasks.reduce((count, task) => (task.phase === phase ? count + 1 : count), 0);
}
