import { describe, expect, it } from '@jest/globals';
import { createCloudRunJobLauncher } from '../../../dispatcher/launchers/cloud-run-job.ts';
import type { ErrorCode } from '../../../execution/error-codes.ts';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { deriveLaunchSecret } from '../../../signing/keys.ts';
import { aRequest, launched } from '../../support/records.ts';

const job = 'projects/p/locations/r/jobs/j';
const withNetwork = 'projects/p/locations/r/jobs/with-network';
const leaseKey = 'k'.repeat(32);

/** A launcher whose RunJob fails with these codes, one a call, and then succeeds; and the calls that it made. */
function launcherThatFails(...failures: ErrorCode[]) {
  const calls: { job: string; env: Readonly<Record<string, string>> }[] = [];
  const launch = createCloudRunJobLauncher({
    ...{
      job,
      jobs: [{ job: withNetwork, network: 'internet' as const, memoryMb: 256 }],
      leaseKey,
      leaseApiUrl: 'https://lease.example',
      maxTries: 3,
      firstBackOffMs: 1,
    },
    runJob: async (name, env) => {
      calls.push({ job: name, env });
      const code = failures[calls.length - 1];
      if (code !== undefined) throw new PipelineError(code, 'RunJob failed');
      return 'executions/x';
    },
  });
  return { calls, launch };
}

describe('launching a Cloud Run Job', () => {
  it('passes the lease and the trace, and nothing of the command', async () => {
    const { calls, launch } = launcherThatFails();
    const { execution } = launched({ request: { kind: 'inline', request: aRequest({ command: 'cat /secret' }) } });
    await launch(execution, '00-trace');
    expect(calls).toEqual([
      {
        job,
        env: {
          SANDBUS_LEASE_ID: 'l1',
          SANDBUS_LEASE_SECRET: deriveLaunchSecret(leaseKey, 'l1'),
          SANDBUS_LEASE_API_URL: 'https://lease.example',
          SANDBUS_TRACEPARENT: '00-trace',
        },
      },
    ]);
  });

  it.each([
    ['that fits, for a command with a network', { network: 'internet', memoryMb: 256 }, withNetwork],
    ['for everything, where none fits', { network: 'internet', memoryMb: 257 }, job],
  ] as const)('runs the job %s', async (_which, { network, memoryMb }, wanted) => {
    const { calls, launch } = launcherThatFails();
    const request = { kind: 'inline', request: aRequest({ network }) } as const;
    const { execution } = launched({ request });
    await launch({ ...execution, limits: { ...execution.limits, memoryMb } }, undefined);
    expect(calls.map((call) => call.job)).toEqual([wanted]);
  });

  it.each<ErrorCode>(['google/unavailable', 'google/contention'])('tries again after %s', async (code) => {
    const { calls, launch } = launcherThatFails(code, code);
    await launch(launched().execution, undefined);
    expect(calls).toHaveLength(3);
  });

  it.each<[ErrorCode, ErrorCode]>([
    ['google/unavailable', 'launch/unavailable'],
    ['google/contention', 'launch/unavailable'],
  ])('leaves it to a later delivery when %s does not end', async (code, failure) => {
    const { calls, launch } = launcherThatFails(code, code, code);
    await expect(launch(launched().execution, undefined)).rejects.toMatchObject({ code: failure, retryable: true });
    expect(calls).toHaveLength(3);
  });

  it('leaves it to the one who gives turns when no capacity is left, at once', async () => {
    const { calls, launch } = launcherThatFails('google/quota');
    await expect(launch(launched().execution, undefined)).rejects.toMatchObject({ code: 'launch/quota' });
    expect(calls).toHaveLength(1);
  });

  it.each<ErrorCode>([
    'google/not-found',
    'google/denied',
    'google/invalid',
    'google/failed',
  ])('gives up at once after %s', async (code) => {
    const { calls, launch } = launcherThatFails(code);
    const failure = { code: 'launch/refused', retryable: false, message: expect.stringContaining(job) };
    await expect(launch(launched().execution, undefined)).rejects.toMatchObject(failure);
    expect(calls).toHaveLength(1);
  });
});
