import type { ExecutionRecord, TaskRecord } from './execution-record.ts';
import { lastId } from './resource-names.ts';

/** What a container image brings by itself. */
const imageEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** All of a task's environment but TMPDIR: nothing of the server's own is in it. Later parts win. */
export function taskEnvironment(
  execution: ExecutionRecord,
  task: TaskRecord,
  stackEnv: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = execution.template.containers[0]?.env ?? [];
  return {
    ...imageEnv,
    ...stackEnv,
    ...Object.fromEntries(own.map(({ name, value }) => [name, value ?? ''])),
    CLOUD_RUN_JOB: lastId(execution.jobName),
    CLOUD_RUN_EXECUTION: lastId(execution.name),
    CLOUD_RUN_TASK_INDEX: String(task.index),
    CLOUD_RUN_TASK_ATTEMPT: String(task.attempt),
    CLOUD_RUN_TASK_COUNT: String(execution.tasks.length),
  };
}
