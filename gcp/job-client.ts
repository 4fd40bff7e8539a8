import { JobsClient, TasksClient } from '@google-cloud/run';
import type { JobEvidence } from '../execution/job-evidence.ts';
import type { GoogleConfig } from './google-config.ts';
import { googleCall } from './google-error.ts';
import { runClientOptions } from './run-client-options.ts';

export interface JobClient {
  /**
   * Asks Cloud Run to run `job` with `env` added and resolves with the name of its execution. RunJob has no
   * idempotency key: repeated, it may start a second one.
   */
  runJob(job: string, env: Readonly<Record<string, string>>): Promise<string>;
  /**
   * How the first task of an execution of `job` ended; `unknown` when Cloud Run no longer has it. The execution is named
   * as its own container knows it (CLOUD_RUN_EXECUTION), without the path.
   */
  inspect(job: string, cloudRunExecution: string): Promise<JobEvidence>;
  close(): Promise<void>;
}

export function createJobClient(google: GoogleConfig): JobClient {
  const options = runClientOptions(google);
  const jobs = new JobsClient(options);
  const tasks = new TasksClient(options);
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
    inspect: async (job, cloudRunExecution) => {
      try {
        const [found] = await tasks.listTasks(
          { parent: `${job}/executions/${cloudRunExecution}`, pageSize: 1 },
          { autoPaginate: false },
        );
        const [task] = found;
        if (task === undefined) return { kind: 'unknown' };
        if (!task.completionTime) return { kind: 'running' };
        const result = task.lastAttemptResult;
        return {
          kind: 'ended',
          exitCode: result?.exitCode ?? null,
          signal: result?.termSignal || null,
          message: result?.status?.message ?? '',
        };
      } catch {
        // Evidence is a help, not a condition: without it the lease alone decides.
        return { kind: 'unknown' };
      }
    },
    close: async () => {
      await Promise.all([jobs.close(), tasks.close()]);
    },
  };
}
