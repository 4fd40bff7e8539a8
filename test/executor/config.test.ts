import { describe, expect, it } from '@jest/globals';
import { readExecutorConfig } from '../../executor/config.ts';

const launch = {
  SANDBUS_LEASE_ID: 'l-1',
  SANDBUS_LEASE_SECRET: 'secret',
  SANDBUS_LEASE_API_URL: 'http://127.0.0.1:1',
};

describe('the configuration of an executor', () => {
  it('is the launch and what nobody has to set', () => {
    expect(readExecutorConfig(launch)).toEqual({
      lease: { leaseId: 'l-1', secret: 'secret', apiUrl: 'http://127.0.0.1:1' },
      traceparent: null,
      cloudRunExecution: null,
      wall: 'auto',
      commandUid: null,
      graceMs: 2_000,
      lingerMs: 30_000,
      scratch: '/tmp',
    });
  });

  it('has all that can be set', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const env = {
      ...launch,
      SANDBUS_TRACEPARENT: traceparent,
      CLOUD_RUN_EXECUTION: 'job-x',
      EXECUTOR_WALL: 'none',
      EXECUTOR_GRACE_MS: '0',
      EXECUTOR_COMMAND_UID: '1000',
      EXECUTOR_LINGER_MS: '5',
      TMPDIR: '/scratch',
    };
    expect(readExecutorConfig(env)).toMatchObject({
      traceparent,
      cloudRunExecution: 'job-x',
      wall: 'none',
      commandUid: 1000,
      graceMs: 0,
      lingerMs: 5,
      scratch: '/scratch',
    });
  });

  it('that is wrong is refused with every problem at once and without the secret', () => {
    const env = {
      SANDBUS_LEASE_SECRET: 'do-not-show',
      SANDBUS_LEASE_API_URL: 'dispatcher',
      EXECUTOR_WALL: 'paper',
      EXECUTOR_GRACE_MS: '9000',
      EXECUTOR_COMMAND_UID: '0',
    };
    const read = () => readExecutorConfig(env);
    for (const name of [
      'SANDBUS_LEASE_ID',
      'SANDBUS_LEASE_API_URL',
      'EXECUTOR_WALL',
      'EXECUTOR_GRACE_MS',
      'EXECUTOR_COMMAND_UID',
    ]) {
      expect(read).toThrow(name);
    }
    expect(read).not.toThrow('do-not-show');
  });

  it.each([
    ['8000', true],
    ['8001', false],
  ])('takes a grace of %s ms: %s, because Cloud Run gives ten seconds', (graceMs, isTaken) => {
    const read = () => readExecutorConfig({ ...launch, EXECUTOR_GRACE_MS: graceMs }).graceMs;
    const outcome = (() => {
      try {
        return read();
      } catch {
        return null;
      }
    })();
    expect(outcome).toBe(isTaken ? Number(graceMs) : null);
  });
});
