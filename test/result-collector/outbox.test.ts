import { describe, expect, it } from '@jest/globals';
import type { RecordWrites } from '../../execution/records.ts';
import { handleResult } from '../../result-collector/handle.ts';
import type { SweeperPorts } from '../../result-collector/ports.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import { owedAfterMs } from '../../result-collector/sweep-outbox.ts';
import { pageSize } from '../../result-collector/sweep-pages.ts';
import { createCollectorWorld, goodSignature } from '../support/collector-world.ts';
import { Crash, crashAfterCall } from '../support/crashing-ports.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { aCompletion, aSession, claimed, finished, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const policy = { retentionMs: 86_400_000 };
const storedAt = t0 + 5000;
const store = (writes: RecordWrites) => records().store.transact({ sessionId: 'x' }, () => ({ writes }));
const worldAt = (now: number) => createCollectorWorld(records(), now);
const owed = () => records().outbox.findOwed(storedAt + 1_000_000, 1000);
const sweep = (ports: SweeperPorts) => handleSweep(aDelivery({}), ports);

/** The completion event of a running execution in a session with another one waiting, as its delivery. */
async function aResult() {
  const ids = freshIds();
  const leaseId = `l-${ids.executionId}`;
  const { execution, lease } = claimed(ids, { ...ids, leaseId });
  const session = aSession({ sessionId: ids.sessionId, active: ids.executionId, queued: ['next'], epoch: 2 });
  await store({ execution: { ...execution, launch: { ...execution.launch, leaseId } }, session, lease });
  const delivery = aDelivery(aCompletion({ ...ids, leaseId }), { attributes: { signature: goodSignature } });
  return { ids, delivery };
}

/** An outcome that was stored at `storedAt` and not announced. */
async function anOwedOutcome(at = storedAt) {
  const { executionId, sessionId } = freshIds();
  const execution = { ...finished(aCompletion({ executionId, sessionId }), 'next'), executionId, sessionId };
  await store({ execution, outbox: { executionId, sessionId, storedAt: at, expireAt: at + policy.retentionMs } });
  return { executionId, sessionId };
}

describe('the outbox', () => {
  it('has nothing of an execution whose outcome was announced', async () => {
    const { ports, notifications } = worldAt(storedAt);
    const { ids, delivery } = await aResult();
    await handleResult(delivery, ports, policy);
    expect(notifications).toHaveLength(1);
    expect(await owed()).not.toContainEqual(expect.objectContaining(ids));
  });

  it.each([
    1, 2, 3,
  ])('announces the outcome of a collector that died after call %i, though its delivery never comes again', async (at) => {
    const world = worldAt(storedAt);
    const { ids, delivery } = await aResult();
    const dying = crashAfterCall(world.ports, at, ['now', 'isSigned']);
    await expect(handleResult(delivery, dying, policy)).rejects.toThrow(Crash);
    expect(await owed()).toContainEqual(expect.objectContaining({ ...ids, storedAt }));
    const sweeper = worldAt(storedAt + owedAfterMs + 1);
    await sweep(sweeper.ports);
    expect(sweeper.notifications).toContainEqual(expect.objectContaining(ids));
    expect(sweeper.wakeUps).toContainEqual({
      sessionId: ids.sessionId,
      executionId: 'next',
      reason: 'next-in-session',
    });
    expect(await owed()).not.toContainEqual(expect.objectContaining(ids));
  });

  it.each([1, 2, 3, 4, 5])('keeps the debt of a sweeper that died after call %i, or it is paid', async (at) => {
    const ids = await anOwedOutcome();
    const dying = worldAt(storedAt + owedAfterMs + 1);
    await sweep(crashAfterCall(dying.ports, at, ['now', 'findExpiredLeases'])).catch(() => undefined);
    const second = worldAt(storedAt + owedAfterMs + 1);
    await sweep(second.ports);
    const told = [...dying.notifications, ...second.notifications];
    expect(told).toContainEqual(expect.objectContaining(ids));
    expect(await owed()).not.toContainEqual(expect.objectContaining(ids));
  });

  it('waits for whoever stored the outcome to the last millisecond', async () => {
    const ids = await anOwedOutcome();
    const early = worldAt(storedAt + owedAfterMs);
    await sweep(early.ports);
    expect(early.notifications).not.toContainEqual(expect.objectContaining(ids));
    const due = worldAt(storedAt + owedAfterMs + 1);
    await sweep(due.ports);
    expect(due.notifications).toContainEqual(expect.objectContaining(ids));
  });

  it('forgets an outcome whose record has expired', async () => {
    const ids = freshIds();
    await store({ outbox: { ...ids, storedAt, expireAt: storedAt } });
    const { ports, notifications } = worldAt(storedAt + owedAfterMs + 1);
    await sweep(ports);
    expect(notifications).not.toContainEqual(expect.objectContaining(ids));
    expect(await owed()).not.toContainEqual(expect.objectContaining(ids));
  });

  it('is emptied in one round, however much is in it, except for what fails', async () => {
    const all = await Promise.all(Array.from({ length: pageSize + 5 }, () => anOwedOutcome()));
    const world = worldAt(storedAt + owedAfterMs + 1);
    const refused = all[3]!.executionId;
    const ports: SweeperPorts = {
      ...world.ports,
      notify: async (notification) => {
        if (notification.executionId === refused) throw new Error('not this one');
        await world.ports.notify(notification);
      },
    };
    await expect(sweep(ports)).rejects.toThrow('not this one');
    expect(world.notifications).toHaveLength(all.length - 1);
    expect((await owed()).map(({ executionId }) => executionId)).toEqual([refused]);
  });
});
