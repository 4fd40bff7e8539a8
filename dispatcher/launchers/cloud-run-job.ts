import pRetry from 'p-retry';
import { chooseJob, type JobChoice, needOf } from '../../execution/choose-job.ts';
import { launchEnvironment } from '../../execution/lease-protocol.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { LaunchingExecution } from '../../execution/records.ts';
import { deriveLaunchSecret } from '../../signing/keys.ts';
import { launchErrorOf } from './launch-errors.ts';

export interface CloudRunJobOptions {
  /** Asks Cloud Run to run the job with more environment. */
  readonly runJob: (job: string, env: Readonly<Record<string, string>>) => Promise<string>;
  /** Full resource name of the job that runs what none of `jobs` is made for. */
  readonly job: string;
  readonly jobs: readonly JobChoice[];
  readonly leaseKey: string;
  readonly leaseApiUrl: string;
  /** Tries of one launch, the first included. */
  readonly maxTries: number;
  readonly firstBackOffMs: number;
}

/**
 * Launches an executor as a Cloud Run Job. The overrides carry the lease and nothing of the command: they stand in
 * audit logs and in descriptions of the execution.
 */
export const createCloudRunJobLauncher =
  ({ runJob, job, jobs, leaseKey, leaseApiUrl, maxTries, firstBackOffMs }: CloudRunJobOptions) =>
  async (execution: LaunchingExecution, traceparent: string | undefined): Promise<void> => {
    const { launch } = execution;
    const chosen = chooseJob(jobs, needOf(execution)) ?? job;
    const env = {
      [launchEnvironment.leaseId]: launch.leaseId,
      [launchEnvironment.leaseSecret]: deriveLaunchSecret(leaseKey, launch.leaseId),
      [launchEnvironment.leaseApiUrl]: leaseApiUrl,
      ...(traceparent && { [launchEnvironment.traceparent]: traceparent }),
    };
    try {
      await pRetry(() => runJob(chosen, env), {
        retries: maxTries - 1,
        minTimeout: firstBackOffMs,
        randomize: true,
        shouldRetry: ({ error }) =>
          launchErrorOf(PipelineError.from(error, 'google/failed').code).meaning === 'retryable',
      });
    } catch (error) {
      const failure = PipelineError.from(error, 'google/failed');
      throw new PipelineError(launchErrorOf(failure.code).code, `job ${chosen}: ${failure.message}`, {
        cause: failure,
      });
    }
  };
