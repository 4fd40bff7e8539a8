import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findExecutors } from '../support/executor-processes.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const leaseMs = 4000;
const stack = useStack({
  env: { DISPATCHER_LEASE_MS: String(leaseMs), DISPATCHER_HEARTBEAT_MS: '300' },
  sweepEveryMs: 200,
});

describe('an executor that is killed in mid-command', () => {
  it('ends the execution as lost, keeps the session as it was, and the next command runs', async () => {
    const { sandbus, stack: running } = stack();
    const session = sandbus.session(`s-${randomUUID()}`);
    await session.exec('echo before > file');
    const doomed = session.exec('echo half > file; sleep 60');
    const next = session.exec('cat file');
    const [pid = 0] = await until('the running executor', async () => {
      const execution = (await sandbus.executions.list({ sessionId: session.id, limit: 5 })).find(
        ({ state }) => state === 'running',
      );
      const pids = findExecutors(running.clientEnv.PUBSUB_EMULATOR_HOST ?? '');
      return execution !== undefined && pids.length === 1 ? pids : null;
    });
    process.kill(pid, 'SIGKILL');
    const result = await doomed;
    expect(result).toMatchObject({ status: 'lost', exitCode: null, outcome: { kind: 'lost' } });
    expect(JSON.stringify(result.outcome)).toContain('the executor ended with signal 9');
    expect(await next).toMatchObject({ status: 'succeeded', stdout: 'before\n' });
  }, 120_000);
});
