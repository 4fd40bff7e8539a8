import { checkEnv } from './check-env.ts';
import { checkAnnotations, checkLabels } from './check-labels.ts';
import { checkLimits } from './check-resources.ts';
import { invalidArgument, notServedLocally } from './refusals.ts';
import { lastId } from './resource-names.ts';
import type { Container, Duration, ExecutionTemplate, JobInput, TaskTemplate } from './wire-messages.ts';
import { durationMs } from './wire-time.ts';

const mostArgs = 1000;
const mostTasks = 10_000;
const mostRetries = 10;
const longestTimeoutSeconds = 168 * 3600;
const defaultMaxRetries = 3;
const defaultTimeout: Duration = { seconds: 600, nanos: 0 };
const defaultLimits = { cpu: '1000m', memory: '512Mi' };
const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Stages that Cloud Run knows; the other members of the enum are of other products. */
const previewStages = ['ALPHA', 'BETA'];

/** What a job keeps of a request, with Google's defaults filled in. Throws INVALID_ARGUMENT naming the field. */
export function parseJob(job: JobInput | null): Omit<JobInput, 'name' | 'etag'> & { template: ExecutionTemplate } {
  if (job === null) throw invalidArgument('job', 'must be set');
  if (job.template === null) throw invalidArgument('job.template', 'must be set');
  checkLabels('job.labels', job.labels);
  checkAnnotations('job.annotations', job.annotations);
  const template = parseExecutionTemplate(job.template);
  return {
    labels: job.labels,
    annotations: job.annotations,
    client: job.client,
    clientVersion: job.clientVersion,
    launchStage: parseLaunchStage(job.launchStage, template),
    binaryAuthorization: job.binaryAuthorization ?? null,
    template,
    ...parseExecutionToken(job),
  };
}

/** The stage of the features that are in use, which may be later than the one that was allowed. */
function parseLaunchStage(given: string, template: ExecutionTemplate): string {
  const isPreview = previewStages.includes(given);
  if (!isPreview && given !== 'GA' && given !== 'LAUNCH_STAGE_UNSPECIFIED') {
    throw invalidArgument('job.launch_stage', `${given} must be one of ${previewStages.join(', ')} and GA`);
  }
  const launcher = template.template?.containers.findIndex(({ sandboxLauncher }) => sandboxLauncher) ?? -1;
  if (launcher === -1) return 'GA';
  if (isPreview) return 'BETA';
  throw invalidArgument(
    `job.template.template.containers[${launcher}].sandbox_launcher`,
    'is a preview feature: set job.launch_stage to BETA',
  );
}

/**
 * At most one is set: the two are members of one oneof. An empty one is not: clients that send back a job which they
 * were given fill in both.
 */
function parseExecutionToken({ startExecutionToken = '', runExecutionToken = '' }: JobInput) {
  const check = (field: string, token: string) => {
    if (dnsLabel.test(token)) return token;
    throw invalidArgument(field, `'${token}' must be lower-case letters, digits and hyphens`);
  };
  if (startExecutionToken !== '') {
    return { startExecutionToken: check('job.start_execution_token', startExecutionToken) };
  }
  if (runExecutionToken !== '') return { runExecutionToken: check('job.run_execution_token', runExecutionToken) };
  return {};
}

function parseExecutionTemplate(input: ExecutionTemplate): ExecutionTemplate {
  const field = 'job.template';
  checkLabels(`${field}.labels`, input.labels);
  checkAnnotations(`${field}.annotations`, input.annotations);
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
  if (input.sourceCode != null) throw notServedLocally('source code', 'name a program of this machine in command');
  if ((input.command[0] ?? '') === '') {
    throw invalidArgument(`${field}.command`, 'must name a program: the local server runs it in place of the image');
  }
  checkWords(`${field}.command`, input.command);
  checkArgs(`${field}.args`, input.args);
  checkWorkingDir(`${field}.working_dir`, input.workingDir ?? '');
  const [other] = input.dependsOn ?? [];
  if (other !== undefined) throw invalidArgument(`${field}.depends_on`, `'${other}' is not another container`);
  if ((input.volumeMounts ?? []).length > 0) throw notServedLocally('volume mounts', 'use $TMPDIR');
  checkEnv(`${field}.env`, input.env);
  const limits = { ...defaultLimits, ...input.resources?.limits };
  checkLimits(`${field}.resources.limits`, limits);
  return { ...input, name, resources: { ...input.resources, limits } };
}

export function checkArgs(field: string, args: readonly string[]): void {
  if (args.length > mostArgs) throw invalidArgument(field, `at most ${mostArgs} are allowed, not ${args.length}`);
  checkWords(field, args);
}

/** No process can be given a NUL. */
function checkWords(field: string, words: readonly string[]): void {
  const index = words.findIndex((word) => word.includes('\0'));
  if (index !== -1) throw invalidArgument(`${field}[${index}]`, 'must not have a NUL');
}

function checkWorkingDir(field: string, folder: string): void {
  if (folder === '' || (folder.startsWith('/') && !folder.includes('\0'))) return;
  throw invalidArgument(field, `'${folder}' must be an absolute path`);
}

/** Cloud Run names an unnamed container after its image. */
function defaultContainerName(image: string): string {
  const base = lastId(image).replace(/[@:].*$/, '');
  return `${base
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 60)}-1`;
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
