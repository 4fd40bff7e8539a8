import { type LaunchOptions, startForLease } from './start-for-lease.ts';

export interface CloudRunJobOptions extends LaunchOptions {
  /** Asks Cloud Run to run the job with more environment. */
  readonly runJob: (job: string, env: Readonly<Record<string, string>>) => Promise<string>;
  /** Full resource name. */
  readonly job: string;
}

/**
 * Launches an executor as a Cloud Run Job. The overrides carry the lease and nothing of the command: they stand in
 * audit logs and in descriptions of the execution.
 */
export const createCloudRunJobLauncher = ({ runJob, job, ...options }: CloudRunJobOptions) =>
  startForLease(({ env }) => runJob(job, env), `job ${job}`, options);
