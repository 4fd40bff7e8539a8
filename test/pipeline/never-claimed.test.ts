import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack({
  env: { DISPATCHER_CLAIM_GRACE_MS: '2000', DISPATCHER_MAX_LAUNCHES: '2', COLLECTOR_SWEEP_MS: '300' },
  // The executor refuses to start with it.
  executorEnv: { EXECUTOR_GRACE_MS: 'long' },
});

describe('an execution whose executors cannot start', () => {
  it('ends as launch-failed, with what Cloud Run says of the last job', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const result = await session.exec('true');
    expect(result).toMatchObject({ status: 'launch-failed', outcome: { code: 'launch/never-claimed' } });
    expect(JSON.stringify(result.outcome)).toContain('2 launches in a row were made and none claimed its lease');
    expect(JSON.stringify(result.outcome)).toContain('the executor ended with exit code 1');
  }, 120_000);
});
