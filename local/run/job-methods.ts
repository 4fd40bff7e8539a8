import { applyOverrides } from './apply-overrides.ts';
import { checkEtag, describeJob, jobEtag } from './describe-job.ts';
import type { JobRecord, JobSpec } from './job-record.ts';
import type { Methods } from './methods.ts';
import { describeOperation } from './operation-store.ts';
import { takePage } from './paging.ts';
import { parseJob } from './parse-job.ts';
import { invalidArgument, notServedLocally } from './refusals.ts';
import { type JobPath, jobName, parseJobId, parseJobName, parsePlace } from './resource-names.ts';
import { checkJobQuota } from './run-quotas.ts';
import { executionToken, type ServerParts, startByToken, takeRunQuota } from './start-execution.ts';
import type { Job, JobInput, Operation, Overrides, PageRequest } from './wire-messages.ts';

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

/** google.cloud.run.v2.Jobs. */
export function jobMethods(parts: ServerParts): Methods {
  const { registry } = parts;
  const refuseIam = () => {
    throw notServedLocally('IAM', 'every caller on this machine may call everything');
  };
  return {
    createJob: (request: CreateJobRequest) => createJob(parts, request),
    getJob: ({ name }: NamedRequest) => describeJob(registry.job(parseJobName('name', name))),
    listJobs: ({ parent, ...page }: ListJobsRequest): ListJobsResponse => {
      const { items, nextPageToken } = takePage(registry.jobsIn(parsePlace('parent', parent)), page, `jobs ${parent}`);
      return { jobs: items.map(describeJob), nextPageToken };
    },
    updateJob: (request: UpdateJobRequest) => updateJob(parts, request),
    deleteJob: (request: NamedRequest) => deleteJob(parts, request),
    runJob: (request: RunJobRequest) => runJob(parts, request),
    getIamPolicy: refuseIam,
    setIamPolicy: refuseIam,
    testIamPermissions: refuseIam,
  };
}

/** The operation names the execution at once and is done when the execution has ended, however it ended. */
function runJob(parts: ServerParts, request: RunJobRequest): Operation {
  const { registry, operations } = parts;
  const path = parseJobName('name', request.name);
  const job = registry.job(path);
  checkEtag(job.name, request.etag, jobEtag(job));
  const execution = registry.draftExecution(job, applyOverrides(job.spec.template, request.overrides));
  const subject = { kind: 'execution', execution } as const;
  if (request.validateOnly) return describeOperation(operations.add(path, subject, null));
  takeRunQuota(parts, path);
  const run = registry.startExecution(job, execution);
  return describeOperation(operations.add(path, subject, run.completed));
}

function createJob(parts: ServerParts, request: CreateJobRequest): Operation {
  const path = { ...parsePlace('parent', request.parent), job: parseJobId('job_id', request.jobId) };
  const spec = parseJob(request.job);
  const givenName = request.job?.name ?? '';
  if (givenName !== '' && givenName !== jobName(path)) {
    throw invalidArgument('job.name', `'${givenName}' must be empty or ${jobName(path)}`);
  }
  return addJob(parts, path, spec, request.validateOnly);
}

/** The whole job is replaced: the method has no update mask. */
function updateJob(parts: ServerParts, request: UpdateJobRequest): Operation {
  const { registry, clock } = parts;
  const path = parseJobName('job.name', request.job?.name ?? '');
  const spec = parseJob(request.job);
  if (request.allowMissing && registry.findJob(path) === null) {
    return addJob(parts, { ...path, job: parseJobId('job.name', path.job) }, spec, request.validateOnly);
  }
  const job = registry.job(path);
  checkEtag(job.name, request.job?.etag ?? '', jobEtag(job));
  const changed = { spec, generation: job.generation + 1, updatedAtMs: clock.now() };
  const token = executionToken(path, spec);
  const isNewToken = token !== null && !job.runs.has(`${path.job}-${token}`);
  if (request.validateOnly) return answerWithJob(parts, path, { ...job, ...changed }, null);
  if (isNewToken) takeRunQuota(parts, path);
  registry.updateJob(job, changed);
  return answerWithJob(parts, path, job, isNewToken ? startByToken(parts, job, token) : null);
}

function addJob(parts: ServerParts, path: JobPath, spec: JobSpec, validateOnly: boolean): Operation {
  const job = parts.registry.draftJob(path, spec);
  const token = executionToken(path, spec);
  checkJobQuota(path, parts.registry.jobsIn(path).length, parts.quotas.jobs);
  if (validateOnly) return answerWithJob(parts, path, job, null);
  if (token !== null) takeRunQuota(parts, path);
  parts.registry.addJob(job);
  return answerWithJob(parts, path, job, token === null ? null : startByToken(parts, job, token));
}

/** The job is gone at once; the operation is done when its running executions have ended. */
function deleteJob(parts: ServerParts, request: NamedRequest): Operation {
  const { registry } = parts;
  const path = parseJobName('name', request.name);
  const job = registry.job(path);
  checkEtag(job.name, request.etag, jobEtag(job));
  if (request.validateOnly) return answerWithJob(parts, path, job, null);
  registry.removeJob(job);
  const runs = [...job.runs.values()];
  for (const run of runs) run.end('deleted');
  const living = runs.filter(({ record }) => record.completedAtMs === null);
  const ended = Promise.all(living.map(({ completed }) => completed));
  return answerWithJob(parts, path, job, living.length === 0 ? null : ended);
}

function answerWithJob(parts: ServerParts, path: JobPath, job: JobRecord, work: Promise<unknown> | null): Operation {
  return describeOperation(parts.operations.add(path, { kind: 'job', job }, work));
}
