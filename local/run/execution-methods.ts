import { describeExecution, executionEtag } from './describe-execution.ts';
import { checkEtag } from './describe-job.ts';
import type { Methods } from './methods.ts';
import { describeOperation } from './operation-store.ts';
import { takePage } from './paging.ts';
import { failedPrecondition } from './refusals.ts';
import { parseExecutionName, parseJobName } from './resource-names.ts';
import type { ServerParts } from './start-execution.ts';
import type { Execution, Operation, PageRequest } from './wire-messages.ts';

interface NamedRequest {
  readonly name: string;
  readonly validateOnly: boolean;
  readonly etag: string;
}

interface ListExecutionsRequest extends PageRequest {
  readonly parent: string;
}

interface ListExecutionsResponse {
  readonly executions: readonly Execution[];
  readonly nextPageToken: string;
}

/** google.cloud.run.v2.Executions. */
export function executionMethods({ registry, operations, clock }: ServerParts): Methods {
  const find = ({ name, etag }: NamedRequest) => {
    const path = parseExecutionName('name', name);
    const run = registry.run(path);
    checkEtag(name, etag, executionEtag(run.record));
    return { path, run, subject: { kind: 'execution', execution: run.record } as const };
  };
  return {
    getExecution: ({ name }: NamedRequest) => {
      return describeExecution(registry.run(parseExecutionName('name', name)).record);
    },
    listExecutions: ({ parent, ...page }: ListExecutionsRequest): ListExecutionsResponse => {
      const records = registry.runsOf(parseJobName('parent', parent)).map(({ record }) => record);
      const { items, nextPageToken } = takePage(records, page, `executions ${parent}`);
      return { executions: items.map(describeExecution), nextPageToken };
    },
    cancelExecution: (request: NamedRequest): Operation => {
      const { path, run, subject } = find(request);
      if (run.record.completedAtMs !== null) {
        throw failedPrecondition(`execution '${request.name}' has completed and cannot be cancelled`);
      }
      if (request.validateOnly) return describeOperation(operations.add(path, subject, null));
      run.end('cancelled');
      return describeOperation(operations.add(path, subject, run.completed));
    },
    deleteExecution: (request: NamedRequest): Operation => {
      const { path, run, subject } = find(request);
      if (request.validateOnly) return describeOperation(operations.add(path, subject, null));
      run.record.deletedAtMs = clock.now();
      run.end('deleted');
      const remove = () => registry.removeExecution(run);
      if (run.record.completedAtMs === null) {
        return describeOperation(operations.add(path, subject, run.completed.then(remove)));
      }
      remove();
      return describeOperation(operations.add(path, subject, null));
    },
  };
}
