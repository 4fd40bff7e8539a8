import { describeTask } from './describe-execution.ts';
import type { ExecutionRecord, TaskRecord } from './execution-record.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { JobRegistry } from './job-registry.ts';
import type { Methods } from './methods.ts';
import { takePage } from './paging.ts';
import { notFound } from './refusals.ts';
import { anyId, type ExecutionPath, lastId, parseExecutionName, parseTaskName } from './resource-names.ts';
import type { PageRequest, Task } from './wire-messages.ts';

interface ListTasksRequest extends PageRequest {
  readonly parent: string;
}

interface ListTasksResponse {
  readonly tasks: readonly Task[];
  readonly nextPageToken: string;
}

/** More than any execution has, so that (execution, index) is one number. */
const tasksPerExecution = 16_384;

/** google.cloud.run.v2.Tasks. */
export function taskMethods(registry: JobRegistry): Methods {
  return {
    getTask: ({ name }: { readonly name: string }) => {
      const { record } = registry.run(parseTaskName('name', name));
      const task = record.tasks.find((task) => task.name === name);
      if (task === undefined) throw notFound('task', name);
      return describeTask(record, task);
    },
    listTasks: ({ parent, ...page }: ListTasksRequest): ListTasksResponse => {
      const path = parseExecutionName('parent', parent);
      const runs = runsNamed(registry, path);
      const { items, nextPageToken } = takePage(
        runs.flatMap(({ record }) => record.tasks.map((task) => listed(record, task))),
        page,
        `tasks ${parent}`,
      );
      return { tasks: items.map(({ record, task }) => describeTask(record, task)), nextPageToken };
    },
  };
}

/** Of one execution, or of all with its id when the job is `-`, or of all of the job when the execution is `-`. */
function runsNamed(registry: JobRegistry, path: ExecutionPath): ExecutionRun[] {
  if (path.execution === anyId) return registry.runsOf(path);
  if (path.job !== anyId) return [registry.run(path)];
  return registry.runsOf(path).filter(({ record }) => lastId(record.name) === path.execution);
}

/** Newest execution first, and within one its tasks by index. */
function listed(record: ExecutionRecord, task: TaskRecord) {
  return { record, task, sequence: record.sequence * tasksPerExecution + (tasksPerExecution - 1 - task.index) };
}
