import { countTasks, type ExecutionRecord, isFinal, type TaskRecord } from './execution-record.ts';
import type { LatestExecution } from './job-record.ts';
import { lastId } from './resource-names.ts';
import type { CompletionStatus, Condition, Execution, ExecutionReference, Task } from './wire-messages.ts';
import { toOptionalTimestamp, toTimestamp } from './wire-time.ts';

export function describeExecution(record: ExecutionRecord): Execution {
  return {
    name: record.name,
    uid: record.uid,
    generation: 1,
    observedGeneration: 1,
    labels: record.labels,
    annotations: record.annotations,
    createTime: toTimestamp(record.createdAtMs),
    startTime: toOptionalTimestamp(record.startedAtMs),
    completionTime: toOptionalTimestamp(record.completedAtMs),
    updateTime: toTimestamp(record.updatedAtMs),
    launchStage: 'GA',
    job: lastId(record.jobName),
    parallelism: record.parallelism,
    taskCount: record.tasks.length,
    template: record.template,
    reconciling: record.completedAtMs === null,
    conditions: [completedCondition(record), startedCondition(record)],
    runningCount: countTasks(record, 'running'),
    succeededCount: countTasks(record, 'succeeded'),
    failedCount: countTasks(record, 'failed'),
    cancelledCount: countTasks(record, 'cancelled'),
    retriedCount: record.tasks.reduce((count, task) => (task.attempt > 0 ? count + 1 : count), 0),
    etag: executionEtag(record),
  };
}

export function executionEtag(record: ExecutionRecord): string {
  return `"${record.uid.slice(0, 8)}/${record.revision}"`;
}

export function describeExecutionReference(record: LatestExecution): ExecutionReference {
  return {
    name: lastId(record.name),
    createTime: toTimestamp(record.createdAtMs),
    ...(record.completedAtMs === null ? {} : { completionTime: toTimestamp(record.completedAtMs) }),
    completionStatus: completionStatus(record),
  };
}

export function describeTask(execution: ExecutionRecord, task: TaskRecord): Task {
  const { template } = execution;
  return {
    name: task.name,
    uid: task.uid,
    generation: 1,
    observedGeneration: 1,
    labels: execution.labels,
    annotations: execution.annotations,
    createTime: toTimestamp(execution.createdAtMs),
    scheduledTime: toOptionalTimestamp(task.scheduledAtMs),
    startTime: toOptionalTimestamp(task.startedAtMs),
    completionTime: toOptionalTimestamp(task.completedAtMs),
    updateTime: toTimestamp(task.updatedAtMs),
    job: lastId(execution.jobName),
    execution: lastId(execution.name),
    containers: template.containers,
    maxRetries: template.maxRetries,
    timeout: template.timeout,
    serviceAccount: template.serviceAccount ?? '',
    executionEnvironment: template.executionEnvironment ?? 'EXECUTION_ENVIRONMENT_UNSPECIFIED',
    reconciling: !isFinal(task.phase),
    conditions: [taskCondition(task)],
    index: task.index,
    retried: task.attempt,
    lastAttemptResult: task.lastAttemptResult,
    etag: `"${task.uid.slice(0, 8)}/${execution.revision}"`,
  };
}

function completionStatus(record: LatestExecution): CompletionStatus {
  if (record.completedAtMs === null) return record.startedAtMs === null ? 'EXECUTION_PENDING' : 'EXECUTION_RUNNING';
  if (record.ending === null) return 'EXECUTION_SUCCEEDED';
  return record.ending === 'task-failed' ? 'EXECUTION_FAILED' : 'EXECUTION_CANCELLED';
}

function completedCondition(record: ExecutionRecord): Condition {
  const type = 'Completed';
  const lastTransitionTime = toTimestamp(record.completedAtMs ?? record.startedAtMs ?? record.createdAtMs);
  if (record.completedAtMs === null) {
    const state = record.startedAtMs === null ? 'CONDITION_PENDING' : 'CONDITION_RECONCILING';
    if (record.ending === null || record.ending === 'task-failed') {
      return { type, state, message: 'Waiting for the tasks to complete.', lastTransitionTime };
    }
    const message = 'The execution is being cancelled.';
    return { type, state: 'CONDITION_RECONCILING', message, lastTransitionTime, executionReason: 'CANCELLING' };
  }
  switch (record.ending) {
    case null:
      return { type, state: 'CONDITION_SUCCEEDED', message: 'Execution completed successfully.', lastTransitionTime };
    case 'cancelled':
    case 'deleted':
      return {
        type,
        state: 'CONDITION_FAILED',
        message: `The execution was ${record.ending}.`,
        lastTransitionTime,
        executionReason: record.ending === 'deleted' ? 'DELETED' : 'CANCELLED',
      };
    case 'task-failed': {
      const result = record.failedTask?.lastAttemptResult;
      const message = `Task ${lastId(record.failedTask?.name ?? '')} failed with message: ${result?.status.message}`;
      const failed = { type, state: 'CONDITION_FAILED', message, lastTransitionTime } as const;
      // Google has no reason for signals, timeouts and failed starts.
      return (result?.exitCode ?? 0) === 0 ? failed : { ...failed, executionReason: 'NON_ZERO_EXIT_CODE' };
    }
  }
}

function startedCondition(record: ExecutionRecord): Condition {
  return record.startedAtMs === null
    ? { type: 'Started', state: 'CONDITION_PENDING', lastTransitionTime: toTimestamp(record.createdAtMs) }
    : { type: 'Started', state: 'CONDITION_SUCCEEDED', lastTransitionTime: toTimestamp(record.startedAtMs) };
}

function taskCondition(task: TaskRecord): Condition {
  const type = 'Completed';
  const lastTransitionTime = toTimestamp(task.updatedAtMs);
  const message = task.lastAttemptResult?.status.message ?? '';
  switch (task.phase) {
    case 'waiting':
    case 'starting':
      return { type, state: 'CONDITION_PENDING', message, lastTransitionTime };
    case 'running':
      return { type, state: 'CONDITION_RECONCILING', message, lastTransitionTime };
    case 'succeeded':
      return { type, state: 'CONDITION_SUCCEEDED', message, lastTransitionTime };
    case 'failed':
      return { type, state: 'CONDITION_FAILED', message, lastTransitionTime };
    case 'cancelled':
      return { type, state: 'CONDITION_FAILED', message, lastTransitionTime, executionReason: 'CANCELLED' };
  }
}
