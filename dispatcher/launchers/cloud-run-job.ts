import pRetry from 'p-retry';
import type { ErrorCode } from '../../execution/error-codes.ts';
import { launchEnvironment } from '../../execution/lease-protocol.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { LaunchingExecution } from '../../execution/records.ts';
import { deriveLaunchSecret } from '../../signing/keys.ts';

export interface CloudRunJobOptions {
  /** Asks Cloud Run to run the job with more environment. */
  readonly runJob: (job: string, env: Readonly<Record<string, string>>) => Promise<string>;
  /** Full resource name. */
  readonly job: string;
  readonly leaseKey: string;
  readonly leaseApiUrl: string;
  /** Tries of one launch, the first included. */
  readonly maxTries: number;
  readonly firstBackOffMs: number;
}

/** What a failure of RunJob means for the launch; the rest is refused for good. */
const launchCodes: Partial<Record<ErrorCode, ErrorCode>> = {
  'google/unavailable': 'launch/unavailable',
  'google/contention': 'launch/unavailable',
  'google/quota': 'launch/quota',
};

/**
 * Launches an executor as a Cloud Run Job. The overrides carry the lease and nothing of the command: they stand in
 * audit logs and in descriptions of the execution.
 */
export const createCloudRunJobLauncher =
  ({ runJob, job, leaseKey, leaseApiUrl, maxTries, firstBackOffMs }: CloudRunJobOptions) =>
  async ({ launch }: LaunchingExecution, traceparent: string | undefined): Promise<void> => {
    const env = {
      [launchEnvironment.leaseId]: launch.leaseId,
      [launchEnvironment.leaseSecret]: deriveLaunchSecret(leaseKey, launch.leaseId),
      [launchEnvironment.leaseApiUrl]: leaseApiUrl,
      ...(traceparent && { [launchEnvironment.traceparent]: traceparent }),
    };
    try {
      await pRetry(() => runJob(job, env), {
        retries: maxTries - 1,
        minTimeout: firstBackOffMs,
        randomize: true,
        shouldRetry: ({ error }) => PipelineError.from(error, 'launch/refused').retryable,
      });
    } catch (error) {
      const failure = PipelineError.from(error, 'google/failed');
      throw new PipelineError(launchCodes[failure.code] ?? 'launch/refused', `job ${job}: ${failure.message}`, {
        cause: failure,
      });
    }
  };
