import { chooseJob, type JobChoice, needOf } from '../../execution/choose-job.ts';
import type { LaunchingExecution } from '../../execution/records.ts';
import { type LaunchOptions, startForLease } from './start-for-lease.ts';

export interface CloudRunJobOptions extends LaunchOptions {
  /** Asks Cloud Run to run the job with more environment. */
  readonly runJob: (job: string, env: Readonly<Record<string, string>>) => Promise<string>;
  /** Full resource name of the job that runs what none of `jobs` is made for. */
  readonly job: string;
  readonly jobs: readonly JobChoice[];
}

/**
 * Launches an executor as a Cloud Run Job. The overrides carry the lease and nothing of the command: they stand in
 * audit logs and in descriptions of the execution.
 */
export const createCloudRunJobLauncher =
  ({ runJob, job, jobs, ...options }: CloudRunJobOptions) =>
  async (execution: LaunchingExecution, traceparent: string | undefined): Promise<void> => {
    const chosen = chooseJob(jobs, needOf(execution)) ?? job;
    await startForLease(({ env }) => runJob(chosen, env), `job ${chosen}`, options)(execution, traceparent);
  };
