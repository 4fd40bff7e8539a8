import { describe, expect, it } from '@jest/globals';
import { describeExecution, describeExecutionReference } from '../../../local/run/describe-execution.ts';
import type { ExecutionRecord, TaskRecord } from '../../../local/run/execution-record.ts';

const task: TaskRecord = {
  name: 'projects/p/locations/l/jobs/j/executions/j-abc12/tasks/j-abc12-task0',
  uid: 'task-uid',
  index: 0,
  phase: 'waiting',
  attempt: 0,
  scheduledAtMs: null,
  startedAtMs: null,
  completedAtMs: null,
  updatedAtMs: 1000,
  lastAttemptResult: null,
};
const anExecution = (changes: Partial<ExecutionRecord>): ExecutionRecord => ({
  name: 'projects/p/locations/l/jobs/j/executions/j-abc12',
  jobUid: 'job-uid',
  deletedAtMs: null,
  jobName: 'projects/p/locations/l/jobs/j',
  uid: 'execution-uid',
  sequence: 1,
  labels: {},
  annotations: {},
  template: { containers: [], timeout: null, maxRetries: 0 },
  parallelism: 1,
  tasks: [task],
  createdAtMs: 1000,
  startedAtMs: null,
  completedAtMs: null,
  updatedAtMs: 1000,
  ending: null,
  failedTask: null,
  revision: 1,
  ...changes,
});
const failed: TaskRecord = {
  ...task,
  phase: 'failed',
  lastAttemptResult: { status: { code: 10, message: 'it broke' }, exitCode: 1, termSignal: 0 },
};
const running = { startedAtMs: 2000 };
const over = { ...running, completedAtMs: 3000 };

describe('an execution, described', () => {
  it.each([
    ['created', {}, 'CONDITION_PENDING', undefined, 'EXECUTION_PENDING'],
    ['running', running, 'CONDITION_RECONCILING', undefined, 'EXECUTION_RUNNING'],
    [
      'being cancelled',
      { ...running, ending: 'cancelled' },
      'CONDITION_RECONCILING',
      'CANCELLING',
      'EXECUTION_RUNNING',
    ],
    ['succeeded', over, 'CONDITION_SUCCEEDED', undefined, 'EXECUTION_SUCCEEDED'],
    ['cancelled', { ...over, ending: 'cancelled' }, 'CONDITION_FAILED', 'CANCELLED', 'EXECUTION_CANCELLED'],
    ['deleted', { ...over, ending: 'deleted' }, 'CONDITION_FAILED', 'DELETED', 'EXECUTION_CANCELLED'],
    [
      'failed',
      { ...over, ending: 'task-failed', failedTask: failed },
      'CONDITION_FAILED',
      'NON_ZERO_EXIT_CODE',
      'EXECUTION_FAILED',
    ],
  ] as const)('as %s has the state and reason that Google has for it', (_, changes, state, executionReason, status) => {
    const record = anExecution(changes);
    const [completed] = describeExecution(record).conditions;

    expect(completed).toMatchObject({ type: 'Completed', state });
    expect(completed?.executionReason).toBe(executionReason);
    expect(describeExecutionReference(record)).toMatchObject({ name: 'j-abc12', completionStatus: status });
  });

  it('counts its tasks by phase and those that were retried', () => {
    const phases = ['waiting', 'starting', 'running', 'running', 'succeeded', 'failed', 'cancelled'] as const;
    const tasks = phases.map((phase, index): TaskRecord => ({ ...task, index, phase, attempt: index % 2 }));

    expect(describeExecution(anExecution({ tasks }))).toMatchObject({
      taskCount: 7,
      runningCount: 2,
      succeededCount: 1,
      failedCount: 1,
      cancelledCount: 1,
      retriedCount: 3,
    });
  });

  it('quotes the task that failed it', () => {
    const record = anExecution({ ...over, ending: 'task-failed', failedTask: failed });

    expect(describeExecution(record).conditions[0]?.message).toBe('Task j-abc12-task0 failed with message: it broke');
  });
});
