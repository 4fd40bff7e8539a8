import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import type { AnyEncoder } from './any-message.ts';
import { describeExecution, executionEtag } from './describe-execution.ts';
import { checkEtag, type JobRegistry } from './job-registry.ts';
import { describeOperation, type OperationStore } from './operation-store.ts';
import { takePage } from './paging.ts';
import { failedPrecondition } from './refusals.ts';
import { parseExecutionName, parseJobName } from './resource-names.ts';
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

interface ExecutionHandlersNeed {
  readonly registry: JobRegistry;
  readonly operations: OperationStore;
  readonly encode: AnyEncoder;
}

/** google.cloud.run.v2.Executions. */
export function executionHandlers({
  registry,
  operations,
  encode,
}: ExecutionHandlersNeed): UntypedServiceImplementation {
  const find = ({ name, etag }: NamedRequest) => {
    const path = parseExecutionName('name', name);
    const run = registry.run(path);
    checkEtag(name, etag, executionEtag(run.record));
    return { path, run, describe: () => encode.execution(describeExecution(run.record)) };
  };
  return {
    getExecution: unary(({ name }: NamedRequest) => {
      return describeExecution(registry.run(parseExecutionName('name', name)).record);
    }),
    listExecutions: unary(({ parent, ...page }: ListExecutionsRequest): ListExecutionsResponse => {
      const records = registry.runsOf(parseJobName('parent', parent)).map(({ record }) => record);
      const { items, nextPageToken } = takePage(records, page);
      return { executions: items.map(describeExecution), nextPageToken };
    }),
    cancelExecution: unary((request: NamedRequest): Operation => {
      const { path, run, describe } = find(request);
      if (run.record.completedAtMs !== null) {
        throw failedPrecondition(`execution '${request.name}' has completed and cannot be cancelled`);
      }
      if (request.validateOnly) return describeOperation(operations.add(path, describe, null));
      run.end('cancelled');
      return describeOperation(operations.add(path, describe, run.completed));
    }),
    deleteExecution: unary((request: NamedRequest): Operation => {
      const { path, run, describe } = find(request);
      if (request.validateOnly) return describeOperation(operations.add(path, describe, null));
      run.end('deleted');
      const gone = run.completed.then(() => registry.removeExecution(run));
      return describeOperation(operations.add(path, describe, gone));
    }),
  };
}
