import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** A region that runs two jobs at a time. */
const stack = useStack({
  runQuotas: { runningExecutions: 2 },
  sweepEveryMs: 300,
  env: { DISPATCHER_POSTPONE_MS: '50' },
});

describe('a region without capacity', () => {
  it('makes executions wait: all succeed, each is run once, and nothing is dead-lettered', async () => {
    const { sandbus, complaints } = stack();
    const sessions = Array.from({ length: 12 }, () => sandbus.session(`s-${randomUUID()}`));
    const results = await Promise.all(sessions.map((session) => session.exec('echo ran >> log; cat log')));
    expect(results.map(({ stdout }) => stdout)).toEqual(sessions.map(() => 'ran\n'));
    expect([await sandbus.deadLetters.list(), complaints]).toEqual([[], []]);
  }, 120_000);

  it('is no reason to run what has expired meanwhile, nor what was cancelled', async () => {
    const { sandbus } = stack();
    const start = (command: string, options = {}) => sandbus.session(`s-${randomUUID()}`).start(command, options);
    const busy = await Promise.all([start('sleep 30'), start('sleep 30')]);
    for (const { id } of busy) {
      await until('the region is full', async () =>
        (await sandbus.executions.get(id))?.state === 'running' ? true : null,
      );
    }
    const expiring = await start('echo late', { expiresAt: new Date(Date.now() + 2000) });
    const cancelled = await start('echo never');
    await cancelled.kill('not needed');
    const ends = await Promise.all([expiring.wait(), cancelled.wait()]);
    expect(ends).toMatchObject([
      { status: 'rejected', outcome: { code: 'request/expired' } },
      { status: 'cancelled', outcome: { reason: 'not needed' } },
    ]);
    await Promise.all(busy.map((execution) => execution.kill('done')));
    await Promise.all(busy.map((execution) => execution.wait()));
  }, 120_000);
});
