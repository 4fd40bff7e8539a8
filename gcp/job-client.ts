import { ExecutionsClient, JobsClient, TasksClient } from '@google-cloud/run';
import type { JobEvidence } from '../execution/job-evidence.ts';
import type { GoogleConfig } from './google-config.ts';
import { googleCall } from './google-error.ts';
import { runClientOptions } from './run-client-options.ts';
import { readTaskEvidence } from './task-evidence.ts';

export interface JobClient {
  /**
   * Asks Cloud Run to run `job` with `env` added and resolves with the name of its execution. RunJob has no
   * idempotency key: repeated, it may start a second one.
   */
  runJob(job: string, env: Readonly<Record<string, string>>): Promise<string>;
  /**
   * What became of the first task of an execution of one of `jobs`; `unknown` when Cloud Run has none or does not say. Never
   * rejects.
   */
  inspect(jobs: readonly string[], run: StartedJob): Promise<JobEvidence>;
  close(): Promise<void>;
}

/**
 * An execution by the name that its own container knows (CLOUD_RUN_EXECUTION), without the path; or, where no container
 * ever told it, by a variable that it was started with.
 */
export type StartedJob = { readonly execution: string } | { readonly variable: string; readonly value: string };

/** How many of a job's executions are looked at for one that never told its name. */
const maxLookedAt = 500;

export function createJobClient(google: GoogleConfig): JobClient {
  const options = runClientOptions(google);
  const jobs = new JobsClient(options);
  const tasks = new TasksClient(options);
  const executions = new ExecutionsClient(options);

  async function findStarted(
    job: string,
    { variable, value }: Extract<StartedJob, { readonly variable: string }>,
  ): Promise<string | null> {
    let lookedAt = 0;
    for await (const { name, template } of executions.listExecutionsAsync({ parent: job, pageSize: 100 })) {
      const env = template?.containers?.[0]?.env ?? [];
      if (env.some((entry) => entry.name === variable && entry.value === value)) return name ?? null;
      lookedAt += 1;
      if (lookedAt === maxLookedAt) return null;
    }
    return null;
  }

  async function inspectOne(job: string, run: StartedJob): Promise<JobEvidence> {
    try {
      const name = 'execution' in run ? `${job}/executions/${run.execution}` : await findStarted(job, run);
      if (name === null) return { kind: 'unknown' };
      const [found] = await tasks.listTasks({ parent: name, pageSize: 1 }, { autoPaginate: false });
      const [task] = found;
      return task === undefined ? { kind: 'unknown' } : readTaskEvidence(task);
    } catch {
      // Evidence is a help, not a condition: without it the lease alone decides.
      return { kind: 'unknown' };
    }
  }

  return {
    runJob: (job, env) =>
      googleCall(`run the job ${job}`, async () => {
        // The operation ends with the execution, so only its first answer is awaited.
        const [operation] = await jobs.runJob({
          name: job,
          overrides: {
            containerOverrides: [{ env: Object.entries(env).map(([name, value]) => ({ name, value })) }],
          },
        });
        const { name } = operation.metadata as { readonly name?: string | null };
        return name ?? '';
      }),
    inspect: async (names, run) => {
      for (const job of names) {
        const evidence = await inspectOne(job, run);
        if (evidence.kind !== 'unknown') return evidence;
      }
      return { kind: 'unknown' };
    },
    close: async () => {
      await Promise.all([jobs.close(), tasks.close(), executions.close()]);
    },
  };
}
