import pRetry from 'p-retry';
import { launchEnvironment } from '../../execution/lease-protocol.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { LaunchingExecution } from '../../execution/records.ts';
import { deriveLaunchSecret } from '../../signing/keys.ts';
import { launchErrorOf } from './launch-errors.ts';

export interface LaunchOptions {
  readonly leaseKey: string;
  readonly leaseApiUrl: string;
  /** Tries of one launch, the first included. */
  readonly maxTries: number;
  readonly firstBackOffMs: number;
}

export interface LeaseStart {
  readonly leaseId: string;
  /** How the executor finds and claims its lease; nothing of the command. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What all launchers do: `start` is given the lease and tried as often as its failures allow. Rejects with `launch/…`.
 *
 * @param what the thing that is started, for messages
 */
export const startForLease =
  (start: (lease: LeaseStart) => Promise<unknown>, what: string, options: LaunchOptions) =>
  async ({ launch }: LaunchingExecution, traceparent: string | undefined): Promise<void> => {
    const { leaseKey, leaseApiUrl, maxTries, firstBackOffMs } = options;
    const { leaseId } = launch;
    const env = {
      [launchEnvironment.leaseId]: leaseId,
      [launchEnvironment.leaseSecret]: deriveLaunchSecret(leaseKey, leaseId),
      [launchEnvironment.leaseApiUrl]: leaseApiUrl,
      ...(traceparent && { [launchEnvironment.traceparent]: traceparent }),
    };
    try {
      await pRetry(() => start({ leaseId, env }), {
        retries: maxTries - 1,
        minTimeout: firstBackOffMs,
        randomize: true,
        shouldRetry: ({ error }) =>
          launchErrorOf(PipelineError.from(error, 'google/failed').code).meaning === 'retryable',
      });
    } catch (error) {
      const failure = PipelineError.from(error, 'google/failed');
      throw new PipelineError(launchErrorOf(failure.code).code, `${what}: ${failure.message}`, {
        cause: failure,
      });
    }
  };
