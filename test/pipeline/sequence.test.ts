import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack({ sweepEveryMs: 300, env: { DISPATCHER_MAX_GAP_MS: '2000' } });

describe('numbered commands', () => {
  it('that arrive out of order run in the order of their numbers', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const arrivals = [3, 5, 1, 4, 2];
    const run = (sequence: number) => session.exec(`echo ${sequence} >> log`, { sequence });
    await Promise.all(arrivals.map(run));
    expect((await session.exec('cat log', { sequence: 6 })).stdout).toBe('1\n2\n3\n4\n5\n');
  }, 120_000);

  it('go on without one that never comes, which is turned down after that', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const second = await session.exec('echo second', { sequence: 2 });
    const first = await session.exec('echo first', { sequence: 1 });
    expect([second.stdout, first.status, first.outcome]).toEqual([
      'second\n',
      'rejected',
      expect.objectContaining({ code: 'session/sequence-passed' }),
    ]);
  }, 120_000);

  it('can be cancelled while they wait for lower numbers', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const third = await session.start('echo third', { sequence: 3 });
    const second = await session.start('echo second', { sequence: 2 });
    await second.kill('not needed');
    expect(await second.wait()).toMatchObject({ status: 'cancelled' });
    await session.exec('true', { sequence: 1 });
    expect(await third.wait()).toMatchObject({ status: 'succeeded', seq: expect.any(Number) });
  }, 120_000);
});
