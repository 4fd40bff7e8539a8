import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSweep } from '../../cli/sweep.ts';
import { createExecutionStore, type ExecutionStore } from '../../gcp/execution-store.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { aSession, launched, queued } from '../support/records.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { runSandbus } from './run-sandbus.ts';

describe('the arguments of sandbus sweep', () => {
  it.each([
    { args: [], value: { json: false, dryRun: false, waitMs: null } },
    { args: ['--json', '--dry-run'], value: { json: true, dryRun: true, waitMs: null } },
    { args: ['--wait', '5s'], value: { json: false, dryRun: false, waitMs: 5000 } },
    { args: ['-h'], value: null },
  ])('$args are read', ({ args, value }) => {
    expect(parseSweep(args)).toEqual({ ok: true, value });
  });
  it.each([
    { args: ['now'], problem: 'sweep takes no "now"' },
    { args: ['--dry-run', '--wait', '5s'], problem: '--dry-run and --wait contradict each other' },
    { args: ['--wait', 'long'], problem: expect.stringContaining('--wait "long"') },
  ])('$args are refused', ({ args, problem }) => {
    expect(parseSweep(args)).toEqual({ ok: false, problem });
  });
});

/** Sweeps only when it is asked to, and no job ever starts. */
const stack = useStack({ sweepEveryMs: 600_000, startDelayMs: 600_000, env: { COLLECTOR_SWEEP_MS: '600000' } });
/** Nobody sweeps. */
const without = useStack({ services: [], sweepEveryMs: 600_000 });
let closers: (() => Promise<void>)[] = [];
const stores: ExecutionStore[] = [];
beforeAll(() => {
  for (const running of [stack(), without()]) {
    const firestore = createFirestoreClient(readGoogleConfig(running.stack.env));
    stores.push(createExecutionStore(firestore));
    closers.push(() => firestore.terminate());
  }
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
});
const sandbus = (...args: readonly string[]) => runSandbus(args, { env: stack().stack.clientEnv });
const outcome = { kind: 'cancelled', by: 'request', reason: 'enough' } as const;

/** An execution whose cancellation was decided a minute ago and never told. */
async function anOwedEnd(store: ExecutionStore): Promise<string> {
  const ids = { executionId: `e-${randomUUID()}`, sessionId: `s-${randomUUID()}` };
  const execution = { ...queued({ owedEnd: { outcome, owedAt: Date.now() - 60_000 } }), ...ids };
  const session = aSession({ sessionId: ids.sessionId, active: null });
  await store.transact(ids, () => ({ writes: { execution, session } }));
  return ids.executionId;
}

/** A launch whose claim should have come a minute ago. */
async function anUnclaimedLaunch(store: ExecutionStore): Promise<string> {
  const ids = { executionId: `e-${randomUUID()}`, sessionId: `s-${randomUUID()}` };
  const { execution, session, lease } = launched();
  const leaseId = `l-${randomUUID()}`;
  const writes = {
    execution: { ...execution, ...ids, launch: { ...execution.launch, leaseId } },
    session: { ...session, ...ids, active: ids.executionId },
    lease: { ...lease, ...ids, leaseId, expiresAt: Date.now() - 60_000 },
  };
  await store.transact(ids, () => ({ writes }));
  return ids.executionId;
}

describe('sandbus sweep', () => {
  it('says so when nothing is overdue', async () => {
    expect(await sandbus('sweep')).toEqual({ code: 0, stdout: 'nothing is overdue\n', stderr: '' });
    expect(JSON.parse((await sandbus('sweep', '--dry-run', '--json')).stdout)).toEqual({ dryRun: true, found: [] });
  }, 120_000);

  it('tells what it finds without a change, then what became of it', async () => {
    const [owed, unclaimed] = [await anOwedEnd(stores[0]!), await anUnclaimedLaunch(stores[0]!)];
    const looked = JSON.parse((await sandbus('sweep', '--dry-run', '--json')).stdout);
    const found = [
      { kind: 'end-owed', executionId: owed, isDone: null, state: 'queued', status: null },
      { kind: 'never-claimed', executionId: unclaimed, isDone: null, state: 'launching', generation: 1 },
    ];
    expect(looked.found).toEqual(expect.arrayContaining(found.map((one) => expect.objectContaining(one))));
    expect(looked.found).toHaveLength(2);
    const swept = await sandbus('sweep');
    expect([swept.code, swept.stderr]).toEqual([0, '']);
    expect(swept.stdout).toMatch(new RegExp(`^end not collected +${owed} .*Z +cancelled$`, 'm'));
    expect(swept.stdout).toMatch(new RegExp(`^launch never claimed +${unclaimed} .*Z +launching, generation 2$`, 'm'));
    expect((await sandbus('sweep', '--dry-run')).stdout).toBe('nothing is overdue\n');
  }, 120_000);

  it('exits with 1 when nobody sees to it', async () => {
    const id = await anOwedEnd(stores[1]!);
    const { code, stdout } = await runSandbus(['sweep', '--wait', '1s'], { env: without().stack.clientEnv });
    expect([code, stdout]).toEqual([1, expect.stringMatching(new RegExp(`${id} .* not yet: queued\n1 not seen to: `))]);
  }, 120_000);
});

describe('sandbus sessions close', () => {
  it('has the session take no more commands, and tells what still runs', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const ids = [randomUUID(), randomUUID()];
    for (const idempotencyKey of ids) {
      await session.start('sleep 9', { idempotencyKey, live: false });
      await until('the execution', () => stack().sandbus.executions.get(idempotencyKey));
    }
    const { code, stdout } = await sandbus('sessions', 'close', session.id);
    const told = `its closing is asked for; what was accepted still runs (${ids[0]} has its turn, 1 waits)`;
    expect([code, stdout]).toEqual([0, `${session.id}: ${told}\n`]);
    const { sessions } = stack().sandbus;
    await until('the closing', async () => ((await sessions.close(session.id)).closing ? null : true));
    expect(await session.exec('true')).toMatchObject({ status: 'rejected', outcome: { code: 'session/closed' } });
    const again = await sandbus('sessions', 'close', session.id, '--json');
    expect(JSON.parse(again.stdout)).toEqual({ sessionId: session.id, closing: false, active: ids[0], waiting: 1 });
  }, 120_000);

  it('exits with 1 for a session that never was, with 2 for what is no id', async () => {
    const unknown = await sandbus('sessions', 'close', 'never-was');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('[control/unknown-session]')]);
    expect(await sandbus('sessions', 'close', 'not/allowed')).toMatchObject({ code: 2 });
  }, 120_000);
});
