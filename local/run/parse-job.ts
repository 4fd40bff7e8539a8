import { invalidArgument, notServedLocally } from './refusals.ts';
import { lastId } from './resource-names.ts';
import type { Container, Duration, EnvVar, ExecutionTemplate, JobInput, TaskTemplate } from './wire-messages.ts';
import { durationMs } from './wire-time.ts';

export const mostArgs = 1000;
const mostEnv = 1000;
const longestEnvName = 32_768;
const longestEnvBytes = 32_768;
const mostTasks = 10_000;
const mostRetries = 10;
const longestTimeoutSeconds = 168 * 3600;
const defaultMaxRetries = 3;
const defaultTimeout: Duration = { seconds: 600, nanos: 0 };
const defaultLimits = { cpu: '1000m', memory: '512Mi' };
const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const reservedNamespaces = [
  'run.googleapis.com',
  'cloud.googleapis.com',
  'serving.knative.dev',
  'autoscaling.knative.dev',
];

/** What a job keeps of a request, with Google's defaults filled in. Throws INVALID_ARGUMENT naming the field. */
export function parseJob(job: JobInput | null): Omit<JobInput, 'name' | 'etag'> & { template: ExecutionTemplate } {
  if (job === null) throw invalidArgument('job', 'must be set');
  if (job.template === null) throw invalidArgument('job.template', 'must be set');
  checkKeys('job.labels', job.labels);
  checkKeys('job.annotations', job.annotations);
  return {
    labels: job.labels,
    annotations: job.annotations,
    client: job.client,
    clientVersion: job.clientVersion,
    launchStage: job.launchStage === 'LAUNCH_STAGE_UNSPECIFIED' ? 'GA' : job.launchStage,
    binaryAuthorization: job.binaryAuthorization ?? null,
    template: parseExecutionTemplate(job.template),
    ...parseExecutionToken(job),
  };
}

/** At most one is set: the two are members of one oneof. */
function parseExecutionToken({ startExecutionToken, runExecutionToken }: JobInput) {
  const check = (field: string, token: string) => {
    if (dnsLabel.test(token)) return token;
    throw invalidArgument(field, `'${token}' must be lower-case letters, digits and hyphens`);
  };
  if (startExecutionToken !== undefined) {
    return { startExecutionToken: check('job.start_execution_token', startExecutionToken) };
  }
  if (runExecutionToken !== undefined)
    return { runExecutionToken: check('job.run_execution_token', runExecutionToken) };
  return {};
}

function parseExecutionTemplate(input: ExecutionTemplate): ExecutionTemplate {
  const field = 'job.template';
  checkKeys(`${field}.labels`, input.labels);
  checkKeys(`${field}.annotations`, input.annotations);
  if (input.template === null) throw invalidArgument(`${field}.template`, 'must be set');
  const taskCount = checkTaskCount(`${field}.task_count`, input.taskCount === 0 ? 1 : input.taskCount);
  if (input.parallelism < 0) throw invalidArgument(`${field}.parallelism`, `${input.parallelism} must not be negative`);
  return { ...input, taskCount, template: parseTaskTemplate(`${field}.template`, input.template) };
}

function parseTaskTemplate(field: string, input: TaskTemplate): TaskTemplate {
  const [container, ...sidecars] = input.containers;
  if (container === undefined) throw invalidArgument(`${field}.containers`, 'must have one container');
  if (sidecars.length > 0) throw notServedLocally('sidecar containers', 'give the job one container');
  if ((input.volumes ?? []).length > 0) throw notServedLocally('volumes', 'a task has a fresh folder at $TMPDIR');
  const maxRetries = input.maxRetries ?? defaultMaxRetries;
  if (maxRetries < 0 || maxRetries > mostRetries) {
    throw invalidArgument(`${field}.max_retries`, `${maxRetries} must be from 0 to ${mostRetries}`);
  }
  const environment = input.executionEnvironment ?? 'EXECUTION_ENVIRONMENT_UNSPECIFIED';
  if (environment === 'EXECUTION_ENVIRONMENT_GEN1') {
    throw invalidArgument(`${field}.execution_environment`, 'jobs run in the second generation only');
  }
  return {
    ...input,
    maxRetries,
    timeout: checkTimeout(`${field}.timeout`, input.timeout ?? defaultTimeout),
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    containers: [parseContainer(`${field}.containers[0]`, container)],
  };
}

function parseContainer(field: string, input: Container): Container {
  if (input.image === '') throw invalidArgument(`${field}.image`, 'must be set');
  const name = input.name === '' ? defaultContainerName(input.image) : input.name;
  if (!dnsLabel.test(name)) throw invalidArgument(`${field}.name`, `'${name}' must be a DNS label (RFC 1123)`);
  if ((input.command[0] ?? '') === '') {
    throw invalidArgument(`${field}.command`, 'must name a program: the local server runs it in place of the image');
  }
  if (input.args.length > mostArgs) throw invalidArgument(`${field}.args`, `at most ${mostArgs} are allowed`);
  if ((input.volumeMounts ?? []).length > 0) throw notServedLocally('volume mounts', 'use $TMPDIR');
  checkEnv(`${field}.env`, input.env);
  const limits = { ...defaultLimits, ...input.resources?.limits };
  return { ...input, name, resources: { ...input.resources, limits } };
}

/** Cloud Run names an unnamed container after its image. */
function defaultContainerName(image: string): string {
  const base = lastId(image).replace(/[@:].*$/, '');
  return `${base
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 60)}-1`;
}

export function checkEnv(field: string, env: readonly EnvVar[]): void {
  if (env.length > mostEnv) throw invalidArgument(field, `at most ${mostEnv} are allowed`);
  for (const [index, { name, value, valueSource }] of env.entries()) {
    if (name === '') throw invalidArgument(`${field}[${index}].name`, 'must be set');
    if (name.length > longestEnvName || /[=\0]/.test(name)) {
      throw invalidArgument(`${field}[${index}].name`, `must have at most ${longestEnvName} characters and no '='`);
    }
    if (valueSource != null) throw notServedLocally(`the secret of ${name}`, 'give the variable a literal value');
    if (Buffer.byteLength(value ?? '') > longestEnvBytes || value?.includes('\0')) {
      throw invalidArgument(`${field}[${index}].value`, `must have at most ${longestEnvBytes} bytes and no NUL`);
    }
  }
}

export function checkTaskCount(field: string, taskCount: number): number {
  if (taskCount >= 1 && taskCount <= mostTasks) return taskCount;
  throw invalidArgument(field, `${taskCount} must be from 1 to ${mostTasks}`);
}

export function checkTimeout(field: string, timeout: Duration): Duration {
  const seconds = durationMs(timeout) / 1000;
  if (seconds > 0 && seconds <= longestTimeoutSeconds) return timeout;
  throw invalidArgument(field, `${seconds} s must be more than 0 s and at most ${longestTimeoutSeconds} s`);
}

function checkKeys(field: string, map: Readonly<Record<string, string>>): void {
  for (const key of Object.keys(map)) {
    const namespace = reservedNamespaces.find((reserved) => key.split('/')[0]?.endsWith(reserved));
    if (namespace !== undefined) throw invalidArgument(field, `'${key}' is in the reserved namespace ${namespace}`);
  }
}
