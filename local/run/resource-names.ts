import { invalidArgument } from './refusals.ts';

/** Where a job lives; quotas are counted per project and location. */
export interface Place {
  readonly project: string;
  readonly location: string;
}

export interface JobPath extends Place {
  readonly job: string;
}

export interface ExecutionPath extends JobPath {
  readonly execution: string;
}

export interface TaskPath extends ExecutionPath {
  readonly task: string;
}

const project = '(?<project>[a-z0-9][a-z0-9.:-]*)';
const location = '(?<location>[a-z0-9][a-z0-9-]*)';
const id = '[a-z0-9-]+';
const placePattern = new RegExp(`^projects/${project}/locations/${location}$`);
const jobPattern = new RegExp(`^projects/${project}/locations/${location}/jobs/(?<job>${id})$`);
const executionPattern = new RegExp(
  `^projects/${project}/locations/${location}/jobs/(?<job>${id})/executions/(?<execution>${id})$`,
);
const taskPattern = new RegExp(
  `^projects/${project}/locations/${location}/jobs/(?<job>${id})/executions/(?<execution>${id})/tasks/(?<task>${id})$`,
);

const operationPattern = new RegExp(`^projects/${project}/locations/${location}/operations/[A-Za-z0-9_-]+$`);

/** In the place of an id in a parent: all jobs, or all executions. */
export const anyId = '-';

const jobIdPattern = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const longestJobId = 49;

export function parsePlace(field: string, name: string): Place {
  const { project, location } = match(placePattern, field, name, 'projects/{project}/locations/{location}');
  return { project: project ?? '', location: location ?? '' };
}

export function parseJobName(field: string, name: string): JobPath {
  const groups = match(jobPattern, field, name, 'projects/{project}/locations/{location}/jobs/{job}');
  return { project: groups.project ?? '', location: groups.location ?? '', job: groups.job ?? '' };
}

export function parseExecutionName(field: string, name: string): ExecutionPath {
  const form = 'projects/{project}/locations/{location}/jobs/{job}/executions/{execution}';
  const groups = match(executionPattern, field, name, form);
  return {
    project: groups.project ?? '',
    location: groups.location ?? '',
    job: groups.job ?? '',
    execution: groups.execution ?? '',
  };
}

export function parseTaskName(field: string, name: string): TaskPath {
  const form = 'projects/{project}/locations/{location}/jobs/{job}/executions/{execution}/tasks/{task}';
  const groups = match(taskPattern, field, name, form);
  return {
    project: groups.project ?? '',
    location: groups.location ?? '',
    job: groups.job ?? '',
    execution: groups.execution ?? '',
    task: groups.task ?? '',
  };
}

/** Gives the name itself. */
export function parseOperationName(field: string, name: string): string {
  match(operationPattern, field, name, 'projects/{project}/locations/{location}/operations/{operation}');
  return name;
}

/** The grammar of a new job's id. Google documents the length for services; the same bound is taken for jobs. */
export function parseJobId(field: string, jobId: string): string {
  if (jobId === '') throw invalidArgument(field, 'must be set');
  if (jobId.length > longestJobId || !jobIdPattern.test(jobId)) {
    throw invalidArgument(
      field,
      `'${jobId}' must have at most ${longestJobId} characters, only lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen`,
    );
  }
  return jobId;
}

export function placeName({ project, location }: Place): string {
  return `projects/${project}/locations/${location}`;
}

export function jobName(path: JobPath): string {
  return `${placeName(path)}/jobs/${path.job}`;
}

/** The id behind the last slash of a resource name. */
export function lastId(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function match(pattern: RegExp, field: string, name: string, form: string): Record<string, string | undefined> {
  const groups = pattern.exec(name)?.groups;
  if (groups === undefined) throw invalidArgument(field, `'${name}' must have the form ${form}`);
  return groups;
}
