import type { ServiceDefinition } from '@grpc/grpc-js';
import type { AnyMessage, Execution, Job } from './wire-messages.ts';

/** Packs resources as google.protobuf.Any, which is how operations carry them. */
export interface AnyEncoder {
  job(job: Job): AnyMessage;
  execution(execution: Execution): AnyMessage;
}

/** The Get methods already know how to serialize their resources, so no second copy of the schema is loaded. */
export function createAnyEncoder(jobs: ServiceDefinition, executions: ServiceDefinition): AnyEncoder {
  const pack = (definition: ServiceDefinition, method: string, type: string) => {
    const serialize = definition[method]?.responseSerialize;
    if (serialize === undefined) throw new Error(`the service definition has no method ${method}`);
    return (resource: Job | Execution): AnyMessage => ({
      type_url: `type.googleapis.com/google.cloud.run.v2.${type}`,
      value: serialize(resource),
    });
  };
  return { job: pack(jobs, 'GetJob', 'Job'), execution: pack(executions, 'GetExecution', 'Execution') };
}
