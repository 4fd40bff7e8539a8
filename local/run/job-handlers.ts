import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { unary } from '../grpc-server.ts';
import type { AnyEncoder } from './any-message.ts';
import { applyOverrides } from './apply-overrides.ts';
import { describeExecution } from './describe-execution.ts';
import type { ExecutionRun } from './execution-run.ts';
import { checkEtag, describeJob, type JobRecord, type JobRegistry, jobEtag } from './job-registry.ts';
import { describeOperation, type OperationStore } from './operation-store.ts';
import { takePage } from './paging.ts';
import { parseJob } from './parse-job.ts';
import { invalidArgument, notServedLocally } from './refusals.ts';
import { jobName, parseJobId, parseJobName, parsePlace } from './resource-names.ts';
import { checkRunningQuota, type RateQuota, type RunQuotas } from './run-quotas.ts';
import type { Job, JobInput, Operation, Overrides, PageRequest } from './wire-messages.ts';
import { toTimestamp } from './wire-time.ts';

interface CreateJobRequest {
  readonly parent: string;
  readonly job: JobInput | null;
  readonly jobId: string;
  readonly validateOnly: boolean;
}

interface UpdateJobRequest {
  readonly job: JobInput | null;
  readonly validateOnly: boolean;
  readonly allowMissing: boolean;
}

interface NamedRequest {
  readonly name: string;
  readonly validateOnly: boolean;
  readonly etag: string;
}

interface RunJobRequest extends NamedRequest {
  readonly overrides: Overrides | null;
}

interface ListJobsRequest extends PageRequest {
  readonly parent: string;
}

interface ListJobsResponse {
  readonly jobs: readonly Job[];
  readonly nextPageToken: string;
}

export interface JobHandlersNeed {
  readonly registry: JobRegistry;
  readonly operations: OperationStore;
  readonly encode: AnyEncoder;
  readonly clock: Clock;
  readonly rate: RateQuota;
  readonly quotas: RunQuotas;
}

/** google.cloud.run.v2.Jobs. */
export function jobHandlers(need: JobHandlersNeed): UntypedServiceImplementation {
  const { registry, operations, encode } = need;
  const iamIsNotServed = unary(() => {
    throw notServedLocally('IAM', 'every caller on this machine may call everything');
  });
  return {
    createJob: unary((request: CreateJobRequest) => createJob(need, request)),
    getJob: unary(({ name }: NamedRequest) => describeJob(registry.job(parseJobName('name', name)))),
    listJobs: unary(({ parent, ...page }: ListJobsRequest): ListJobsResponse => {
      const { items, nextPageToken } = takePage(registry.jobsIn(parsePlace('parent', parent)), page);
      return { jobs: items.map(describeJob), nextPageToken };
    }),
    updateJob: unary((request: UpdateJobRequest) => updateJob(need, request)),
    deleteJob: unary((request: NamedRequest) => deleteJob(need, request)),
    runJob: unary((request: RunJobRequest): Operation => {
      const path = parseJobName('name', request.name);
      const job = registry.job(path);
      checkEtag(job.name, request.etag, jobEtag(job));
      const record = registry.draftExecution(job, applyOverrides(job.spec.template, request.overrides));
      const describe = () => encode.execution(describeExecution(record));
      if (request.validateOnly) return describeOperation(operations.add(path, describe, null));
      checkRunningQuota(path, registry.runningIn(path), need.quotas.runningExecutions);
      need.rate.take(path, need.clock.now());
      const run = registry.startExecution(job, record);
      return describeOperation(operations.add(path, describe, run.completed));
    }),
    getIamPolicy: iamIsNotServed,
    setIamPolicy: iamIsNotServed,
    testIamPermissions: iamIsNotServed,
  };
}

function createJob(need: JobHandlersNeed, request: CreateJobRequest): Operation {
  const { registry } = need;
  const path = { ...parsePlace('parent', request.parent), job: parseJobId('job_id', request.jobId) };
  const spec = parseJob(request.job);
  const givenName = request.job?.name ?? '';
  if (givenName !== '' && givenName !== jobName(path)) {
    throw invalidArgument('job.name', `'${givenName}' must be empty or ${jobName(path)}`);
  }
  const job = registry.draftJob(path, spec);
  if (!request.validateOnly) registry.addJob(job);
  return answerWithJob(need, job, null);
}

/** The whole job is replaced: the method has no update mask. */
function updateJob(need: JobHandlersNeed, request: UpdateJobRequest): Operation {
  const { registry, clock } = need;
  const spec = parseJob(request.job);
  const path = parseJobName('job.name', request.job?.name ?? '');
  if (registry.findJob(path) === null && request.allowMissing) {
    parseJobId('job.name', path.job);
    const job = registry.draftJob(path, spec);
    if (!request.validateOnly) registry.addJob(job);
    return answerWithJob(need, job, null);
  }
  const job = registry.job(path);
  checkEtag(job.name, request.job?.etag ?? '', jobEtag(job));
  const changed = { spec, generation: job.generation + 1, updatedAtMs: clock.now() };
  if (request.validateOnly) return answerWithJob(need, { ...job, ...changed }, null);
  Object.assign(job, changed);
  return answerWithJob(need, job, null);
}

/** The job is gone at once; the operation is done when its running executions have ended. */
function deleteJob(need: JobHandlersNeed, request: NamedRequest): Operation {
  const { registry, operations, encode, clock } = need;
  const path = parseJobName('name', request.name);
  const job = registry.job(path);
  checkEtag(job.name, request.etag, jobEtag(job));
  if (request.validateOnly) return answerWithJob(need, job, null);
  registry.removeJob(job);
  const deleteTime = toTimestamp(clock.now());
  const running = [...job.runs.values()];
  for (const run of running) run.end('deleted');
  const describe = () => encode.job({ ...describeJob(job), deleteTime, expireTime: deleteTime });
  return describeOperation(operations.add(path, describe, Promise.all(running.map(({ completed }) => completed))));
}

function answerWithJob({ operations, encode }: JobHandlersNeed, job: JobRecord, run: ExecutionRun | null): Operation {
  const place = parseJobName('name', job.name);
  return describeOperation(operations.add(place, () => encode.job(describeJob(job)), run?.completed ?? null));
}
