import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ExecutionRecord, TaskRecord } from './execution-record.ts';
import { ExecutionRun, type RunEnvironment } from './execution-run.ts';
import type { JobRecord, JobSpec } from './job-record.ts';
import type { SavedState } from './read-saved-state.ts';
import type { RecordStore } from './record-store.ts';
import { alreadyExists, notFound } from './refusals.ts';
import { anyId, type ExecutionPath, type JobPath, jobName, lastId, type Place, placeName } from './resource-names.ts';
import { saveExecution, saveJob } from './saved-records.ts';
import type { ExecutionTemplate } from './wire-messages.ts';

/** Google's default limit of tasks that run at once in one execution. */
const mostParallel = 100;
const suffixAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Jobs and their executions. What changes in them is told to the store. */
export class JobRegistry {
  readonly #jobs = new Map<string, JobRecord>();
  /** Not completed, also those of deleted jobs. */
  readonly #living = new Set<ExecutionRun>();
  readonly #environment: RunEnvironment;
  readonly #keptExecutions: number;
  readonly #store: RecordStore;
  #sequence = 0;

  constructor(environment: RunEnvironment, keptExecutions: number, store: RecordStore) {
    this.#environment = environment;
    this.#keptExecutions = keptExecutions;
    this.#store = store;
  }

  /** Takes what an earlier server left. */
  restore({ jobs, executions, lost }: SavedState): void {
    const sequences = [...jobs, ...executions].map(({ sequence }) => sequence + 1);
    this.#sequence = Math.max(0, ...sequences);
    for (const job of jobs) this.#jobs.set(job.name, job);
    for (const record of executions) {
      const job = this.#jobs.get(record.jobName);
      // Its job was deleted, or it was itself, and it was still ending.
      if (job?.uid !== record.jobUid || record.deletedAtMs !== null) {
        this.#forget(record);
        continue;
      }
      const run = new ExecutionRun(record, this.#environment, () => this.#keepExecution(record));
      job.runs.set(lastId(record.name), run);
      if (lost.has(record)) this.#keepExecution(record, ...record.tasks);
    }
    for (const job of jobs) this.#dropOldest(job);
  }

  get #clock(): Clock {
    return this.#environment.clock;
  }

  job(path: JobPath): JobRecord {
    const name = jobName(path);
    const job = this.#jobs.get(name);
    if (job === undefined) throw notFound('job', name);
    return job;
  }

  findJob(path: JobPath): JobRecord | null {
    return this.#jobs.get(jobName(path)) ?? null;
  }

  jobsIn(place: Place): JobRecord[] {
    const prefix = `${placeName(place)}/jobs/`;
    return [...this.#jobs.values()].filter(({ name }) => name.startsWith(prefix));
  }

  /** A job as it would be stored; `addJob` stores it. */
  draftJob(path: JobPath, spec: JobSpec): JobRecord {
    const name = jobName(path);
    if (this.#jobs.has(name)) throw alreadyExists('job', name);
    const nowMs = this.#clock.now();
    return {
      name,
      uid: randomUUID(),
      sequence: this.#sequence++,
      createdAtMs: nowMs,
      spec,
      updatedAtMs: nowMs,
      generation: 1,
      executionCount: 0,
      latest: null,
      deletedAtMs: null,
      runs: new Map(),
    };
  }

  addJob(job: JobRecord): void {
    this.#jobs.set(job.name, job);
    this.#keepJob(job);
  }

  updateJob(job: JobRecord, changes: Pick<JobRecord, 'spec' | 'generation' | 'updatedAtMs'>): void {
    Object.assign(job, changes);
    this.#keepJob(job);
  }

  /** Its living executions are the caller's to end; each is forgotten when it has ended. */
  removeJob(job: JobRecord): void {
    job.deletedAtMs = this.#clock.now();
    this.#jobs.delete(job.name);
    this.#store.drop('job', job.uid);
    for (const run of job.runs.values()) if (!this.#living.has(run)) this.#forget(run.record);
  }

  run(path: ExecutionPath): ExecutionRun {
    const run = this.job(path).runs.get(path.execution);
    if (run === undefined) throw notFound('execution', `${jobName(path)}/executions/${path.execution}`);
    return run;
  }

  /** Executions of a job, or of all jobs of the place when the job is `-`. */
  runsOf(path: JobPath): ExecutionRun[] {
    if (path.job !== anyId) return [...this.job(path).runs.values()];
    return this.jobsIn(path).flatMap((job) => [...job.runs.values()]);
  }

  runningIn(place: Place): number {
    const prefix = `${placeName(place)}/jobs/`;
    return [...this.#living].filter(({ record }) => record.name.startsWith(prefix)).length;
  }

  /** An execution that is not stored and not started: what a validated request would give. */
  draftExecution(job: JobRecord, template: ExecutionTemplate, suffix = randomSuffix(job)): ExecutionRecord {
    const nowMs = this.#clock.now();
    const name = `${job.name}/executions/${lastId(job.name)}-${suffix}`;
    if (job.runs.has(lastId(name))) throw alreadyExists('execution', name);
    const taskTemplate = template.template;
    if (taskTemplate === null) throw new Error(`job ${job.name} was stored without a task template`);
    const { parallelism, taskCount } = template;
    return {
      name,
      jobName: job.name,
      jobUid: job.uid,
      uid: randomUUID(),
      sequence: this.#sequence++,
      labels: { ...job.spec.labels, ...template.labels },
      annotations: template.annotations,
      template: { ...taskTemplate, maxRetries: taskTemplate.maxRetries ?? 0 },
      parallelism: Math.min(taskCount, parallelism === 0 ? mostParallel : Math.min(parallelism, mostParallel)),
      tasks: Array.from({ length: taskCount }, (_, index) => newTask(name, index, nowMs)),
      createdAtMs: nowMs,
      startedAtMs: null,
      completedAtMs: null,
      updatedAtMs: nowMs,
      ending: null,
      deletedAtMs: null,
      failedTask: null,
      revision: 1,
    };
  }

  startExecution(job: JobRecord, record: ExecutionRecord): ExecutionRun {
    const run = new ExecutionRun(record, this.#environment, (...tasks) => this.#keepExecution(record, ...tasks));
    job.runs.set(lastId(record.name), run);
    job.executionCount += 1;
    job.latest = record;
    this.#keepJob(job);
    this.#living.add(run);
    this.#keepExecution(record, ...record.tasks);
    void run.completed.then(() => {
      this.#living.delete(run);
      if (this.#jobs.get(job.name) === job) this.#dropOldest(job);
      else this.#forget(record);
    });
    run.start();
    return run;
  }

  /** Ends all timers; the processes are the spawner's to end. */
  close(): void {
    for (const run of this.#living) run.close();
  }

  removeExecution({ record }: ExecutionRun): void {
    const job = this.#jobs.get(record.jobName);
    if (job?.uid !== record.jobUid) return;
    job.runs.delete(lastId(record.name));
    this.#forget(record);
    // It knew its latest execution by the record that is gone now.
    if (job.latest === record) this.#keepJob(job);
  }

  #dropOldest(job: JobRecord): void {
    const completed = [...job.runs.values()].filter(({ record }) => record.completedAtMs !== null);
    for (const run of completed.slice(0, Math.max(0, completed.length - this.#keptExecutions))) {
      this.removeExecution(run);
    }
  }

  #keepJob(job: JobRecord): void {
    this.#store.keep('job', job.uid, () => saveJob(job));
  }

  #keepExecution(record: ExecutionRecord, ...tasks: readonly TaskRecord[]): void {
    this.#store.keep('execution', record.uid, () => saveExecution(record));
    for (const task of tasks) this.#store.keep('task', task.uid, () => ({ ...task, executionUid: record.uid }));
  }

  #forget(record: ExecutionRecord): void {
    this.#store.drop('execution', record.uid);
    for (const { uid } of record.tasks) this.#store.drop('task', uid);
  }
}

function newTask(executionName: string, index: number, nowMs: number): TaskRecord {
  return {
    name: `${executionName}/tasks/${lastId(executionName)}-task${index}`,
    uid: randomUUID(),
    index,
    phase: 'waiting',
    attempt: 0,
    scheduledAtMs: null,
    startedAtMs: null,
    completedAtMs: null,
    updatedAtMs: nowMs,
    lastAttemptResult: null,
  };
}

function randomSuffix(job: JobRecord): string {
  const suffix = Array.from({ length: 5 }, () => suffixAlphabet[randomInt(suffixAlphabet.length)]).join('');
  return job.runs.has(`${lastId(job.name)}-${suffix}`) ? randomSuffix(job) : suffix;
}
