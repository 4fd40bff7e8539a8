import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExecutionsClient, JobsClient, type protos, TasksClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import type { TaskOutput } from '../../../local/run/execution-run.ts';
import { type RunServer, type RunServerOptions, startRunServer } from '../../../local/run/server.ts';

type Template = protos.google.cloud.run.v2.IExecutionTemplate;
type TaskTemplate = protos.google.cloud.run.v2.ITaskTemplate;
type Overrides = protos.google.cloud.run.v2.RunJobRequest.IOverrides;
type Execution = protos.google.cloud.run.v2.IExecution;
type Task = protos.google.cloud.run.v2.ITask;

export const parent = 'projects/demo/locations/here';

export interface RunFixture {
  readonly server: RunServer;
  readonly jobs: JobsClient;
  readonly executions: ExecutionsClient;
  readonly tasks: TasksClient;
  readonly scratchDir: string;
  /** Makes a job that runs a bash script, once unless the template says otherwise; gives its full name. */
  createJob(
    jobId: string,
    script: string,
    template?: TaskTemplate,
    execution?: Omit<Template, 'template'>,
  ): Promise<string>;
  /** Starts an execution and gives its full name. */
  start(job: string, overrides?: Overrides): Promise<string>;
  /** Starts an execution and waits for its end. */
  runToEnd(job: string, overrides?: Overrides): Promise<Execution>;
  execution(name: string): Promise<Execution>;
  /** The execution once it has completed. */
  ended(name: string): Promise<Execution>;
  /** Newest first. */
  executionsOf(job: string): Promise<Execution[]>;
  /** Tasks by index. */
  tasksOf(execution: Execution): Promise<Task[]>;
  /** Everything that the observer of the server was given. */
  readonly observed: readonly TaskOutput[];
  /** Resolves when tasks have written `text` at least `times` times. */
  written(text: string, times?: number): Promise<void>;
  /** Fails when a process or a folder of a task is left. */
  close(): Promise<void>;
}

export async function startRunFixture(options: Partial<RunServerOptions> = {}): Promise<RunFixture> {
  const { scratchDir = mkdtempSync(join(tmpdir(), 'run-test-')) } = options;
  const output = observeOutput();
  const server = await startRunServer({ onTaskOutput: output.receive, ...options, scratchDir });
  const clientOptions = {
    projectId: 'demo',
    apiEndpoint: server.host,
    port: server.port,
    sslCreds: credentials.createInsecure(),
  };
  const jobs = new JobsClient(clientOptions);
  const executions = new ExecutionsClient(clientOptions);
  const tasks = new TasksClient(clientOptions);

  const start = async (name: string, overrides: Overrides | null = null) => {
    const [operation] = await jobs.runJob({ name, overrides });
    return (operation.metadata as Execution).name ?? '';
  };
  const execution = async (name: string) => (await executions.getExecution({ name }))[0];
  const ended = (name: string) =>
    eventually(`${name} completes`, async () => {
      const current = await execution(name);
      return current.completionTime == null ? null : current;
    });
  return {
    server,
    jobs,
    executions,
    tasks,
    scratchDir,
    start,
    execution,
    ended,
    createJob: async (jobId, script, template = {}, executionTemplate = {}) => {
      const container = { image: 'local/bash', command: ['bash', '-c', script, 'bash'] };
      const [operation] = await jobs.createJob({
        parent,
        jobId,
        job: { template: { ...executionTemplate, template: { maxRetries: 0, containers: [container], ...template } } },
      });
      const [job] = await operation.promise();
      return job.name ?? '';
    },
    runToEnd: async (job, overrides) => ended(await start(job, overrides)),
    executionsOf: async (job) => (await executions.listExecutions({ parent: job }))[0],
    tasksOf: async ({ name }) => {
      const [found] = await tasks.listTasks({ parent: name ?? '' });
      return found;
    },
    observed: output.observed,
    written: output.written,
    close: async () => {
      await Promise.all([jobs.close(), executions.close(), tasks.close()]);
      await server.close();
      await nothingLeft(scratchDir);
      rmSync(scratchDir, { recursive: true });
    },
  };
}

/** Fails when, after a while, a process still works in the folder or a task's folder is still there. */
export async function nothingLeft(scratchDir: string): Promise<void> {
  await eventually(`no process of ${scratchDir} is left`, () => processesOf(scratchDir).length === 0);
  await eventually(`no folder is left in ${scratchDir}`, () => readdirSync(scratchDir).length === 0);
}

/** Processes whose environment names the folder, which every task's does. */
export function processesOf(scratchDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`TMPDIR=${scratchDir}`))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** Asks again until the answer is truthy; fails after ten seconds. */
export async function eventually<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
): Promise<Exclude<Answer, null | false | undefined>> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Exclude<Answer, null | false | undefined>;
    if (Date.now() > deadline) throw new Error(`not within ten seconds: ${what}`);
    await delay(5);
  }
}

function observeOutput() {
  const observed: TaskOutput[] = [];
  const all = () => observed.map(({ text }) => text).join('');
  const waiting = new Set<() => void>();
  return {
    observed,
    receive: (output: TaskOutput) => {
      observed.push(output);
      for (const look of waiting) look();
    },
    written: (text: string, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (all().split(text).length <= times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
