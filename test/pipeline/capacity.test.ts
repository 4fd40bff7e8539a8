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

  it('lets one command of a tenant pass by the many of another', async () => {
    const { sandbus } = stack();
    const ends: string[] = [];
    const ask = async (tenantId: string) => {
      const execution = await sandbus.session(`s-${randomUUID()}`).start('sleep 1', { tenantId });
      const ended = execution.wait().then(() => ends.push(tenantId));
      return { execution, ended };
    };
    const noisy = await Promise.all(Array.from({ length: 16 }, () => ask('noisy')));
    const isAccepted = async (id: string) => ((await sandbus.executions.get(id)) === null ? null : true);
    for (const { execution } of noisy) await until('the noisy ones wait', () => isAccepted(execution.id));
    const quiet = await ask('quiet');
    await until('the quiet one waits', () => isAccepted(quiet.execution.id));
    const before = ends.length;
    await Promise.all([...noisy, quiet].map(({ ended }) => ended));
    // Two run when it comes, and two may have had their turn: it comes next, or after one more of the other tenant.
    expect(ends.indexOf('quiet')).toBeLessThanOrEqual(before + 5);
    expect(before + 5).toBeLessThan(noisy.length);
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
