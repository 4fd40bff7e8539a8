import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/**
 * A region that runs two jobs at a time. What it refuses is tried again after so long that a try has its answer by then: so no
 * more than one is on its way to the region at any time.
 */
const stack = useStack({
  runQuotas: { runningExecutions: 2 },
  env: { DISPATCHER_POSTPONE_MS: '3000' },
});

describe('a tenant with one command, in a region that another tenant fills', () => {
  it('gets one of the next two rooms, although eight of the other have waited for longer', async () => {
    const { sandbus } = stack();
    const stateOf = async (id: string) => (await sandbus.executions.get(id))?.state;
    const ask = async (tenantId: string, state: 'running' | 'queued') => {
      const execution = await sandbus.session(`s-${randomUUID()}`).start('sleep 300', { tenantId });
      await until(`it is ${state}`, async () => ((await stateOf(execution.id)) === state ? true : null), 60_000);
      return { tenantId, execution };
    };
    const first = [await ask('noisy', 'running'), await ask('noisy', 'running')];
    const waiting: Awaited<ReturnType<typeof ask>>[] = [];
    for (let asked = 0; asked < 8; asked += 1) waiting.push(await ask('noisy', 'queued'));
    waiting.push(await ask('quiet', 'queued'));

    for (const { execution } of first) await execution.kill('room for others');
    const next = await until(
      'two others run',
      async () => {
        const states = await Promise.all(waiting.map(({ execution }) => stateOf(execution.id)));
        const running = waiting.filter((_, index) => states[index] === 'running');
        return running.length === 2 ? running : null;
      },
      180_000,
    );
    // The other room is for whoever comes after it, or was on its way to the region when it came to wait.
    expect(next.map(({ tenantId }) => tenantId).sort()).toEqual(['noisy', 'quiet']);

    await Promise.all(waiting.map(({ execution }) => execution.kill('done')));
    await Promise.all([...first, ...waiting].map(({ execution }) => execution.wait()));
  }, 400_000);
});
