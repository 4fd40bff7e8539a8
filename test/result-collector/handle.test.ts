import { describe, expect, it } from '@jest/globals';
import type { ExecutionRecord, RecordWrites } from '../../execution/records.ts';
import { handleResult } from '../../result-collector/handle.ts';
import type { CollectorPorts } from '../../result-collector/ports.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import { pageSize } from '../../result-collector/sweep-pages.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { createCollectorWorld, goodSignature } from '../support/collector-world.ts';
import { Crash, crashAfterCall } from '../support/crashing-ports.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { aCheckpoint, aCompletion, aSession, claimed, launched, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const policy = { retentionMs: 86_400_000 };
const store = (writes: RecordWrites) => records().store.transact({ sessionId: 'x' }, () => ({ writes }));

const handle = (event: CompletionEvent | string, ports: CollectorPorts, signature = goodSignature) =>
  handleResult(aDelivery(event, { attributes: { signature } }), ports, policy);

/** A running execution in a session of its own with `waiting` executions behind it, and its completion event. */
async function aRunningExecution(waiting: string[] = []) {
  const ids = freshIds();
  const leaseId = `l-${ids.executionId}`;
  const { execution, lease } = claimed(ids, { ...ids, leaseId });
  const launch = { ...execution.launch, leaseId };
  const session = aSession({ sessionId: ids.sessionId, active: ids.executionId, queued: waiting, epoch: 2 });
  await store({ execution: { ...execution, launch }, session, lease });
  return { ids, leaseId, event: aCompletion({ ...ids, leaseId }) };
}

describe('a completion event', () => {
  it('is stored, announced and acked; the lease ends', async () => {
    const { ports, notifications, wakeUps } = createCollectorWorld(records());
    const { ids, event, leaseId } = await aRunningExecution();
    expect(await handle(event, ports)).toEqual({ kind: 'ack' });
    expect(await records().reader.getExecution(ids.executionId)).toMatchObject({ state: 'finished', result: event });
    expect(notifications).toMatchObject([{ ...ids, status: 'succeeded', document: `executions/${ids.executionId}` }]);
    expect(wakeUps).toEqual([]);
    expect(await records().store.findExpiredLeases(t0 + 10_000, 100)).not.toContainEqual(
      expect.objectContaining({ leaseId }),
    );
  });

  it('wakes the dispatcher for the next of the session', async () => {
    const { ports, wakeUps } = createCollectorWorld(records());
    const { ids, event } = await aRunningExecution(['next']);
    await handle(event, ports);
    expect(wakeUps).toEqual([{ sessionId: ids.sessionId, executionId: 'next', reason: 'next-in-session' }]);
  });

  it('moves the head of the session', async () => {
    const { ports } = createCollectorWorld(records());
    const { ids, event } = await aRunningExecution();
    const newState = { cwd: '/workspace', env: { set: {}, removed: [] }, services: [], checkpoint: aCheckpoint(1) };
    await handle({ ...event, newState }, ports);
    expect(await records().reader.getSession(ids.sessionId)).toMatchObject({ head: { number: 1 }, active: null });
  });

  it('delivered twice, in sequence and at once, is one outcome; the announcements may repeat', async () => {
    const { ports, notifications } = createCollectorWorld(records());
    const { ids, event } = await aRunningExecution(['next']);
    await Promise.all([handle(event, ports), handle(event, ports)]);
    await handle(event, ports);
    expect(notifications).toHaveLength(3);
    expect(await records().reader.getSession(ids.sessionId)).toMatchObject({ active: 'next', queued: [] });
  });

  it.each([
    1, 2, 3,
  ])('whose collector died after call %i is announced in the end, with the next of the session', async (at) => {
    const { ports, notifications, wakeUps } = createCollectorWorld(records());
    const { event } = await aRunningExecution(['next']);
    await expect(handle(event, crashAfterCall(ports, at, ['now', 'isSigned']))).rejects.toThrow(Crash);
    await handle(event, ports);
    expect([notifications.length > 0, wakeUps.length > 0]).toEqual([true, true]);
  });

  it('that comes after the outcome changes nothing', async () => {
    const { ports, notifications } = createCollectorWorld(records());
    const { ids, event } = await aRunningExecution();
    await handle({ ...event, outcome: { kind: 'lost', evidence: 'silence' }, status: 'lost', exitCode: null }, ports);
    expect(await handle(event, ports)).toEqual({ kind: 'ack' });
    expect(notifications).toHaveLength(1);
    expect(await records().reader.getExecution(ids.executionId)).toMatchObject({
      result: { status: 'lost' },
      ignoredEvents: [{ outcome: 'exited', why: 'it has ended' }],
    });
  });

  it.each<[string, (event: CompletionEvent) => [CompletionEvent | string, string?], string]>([
    ['not JSON', () => ['{'], 'message/not-json'],
    ['not valid', () => ['{}'], 'message/invalid'],
    ['forged', (event) => [event, 'forged'], 'result/bad-signature'],
    [
      'of an execution that was never accepted',
      (event) => [{ ...event, executionId: 'never' }],
      'result/unknown-execution',
    ],
  ])('that is %s is dead-lettered and acked', async (_what, spoil, code) => {
    const { ports, deadLetters, notifications } = createCollectorWorld(records());
    const { event } = await aRunningExecution();
    const [message, signature] = spoil(event);
    expect(await handle(message, ports, signature)).toEqual({ kind: 'ack' });
    expect([deadLetters, notifications]).toMatchObject([[{ code }], []]);
  });
});

const isOf = (event: { readonly executionId: string }, executionId: string) => event.executionId === executionId;

describe('a sweep', () => {
  const sweep = (ports: ReturnType<typeof createCollectorWorld>['ports']) => handleSweep(aDelivery({}), ports);
  const stateOf = async (executionId: string): Promise<ExecutionRecord['state'] | undefined> =>
    (await records().reader.getExecution(executionId))?.state;

  it('ends an execution whose executor went silent, and the session goes on', async () => {
    const { ports, completions } = createCollectorWorld(records());
    const { ids } = await aRunningExecution(['next']);
    await sweep(ports);
    const event = completions.find(({ executionId }) => executionId === ids.executionId);
    expect(event).toMatchObject({ generation: 1, outcome: { kind: 'lost' }, status: 'lost' });
    await handle(event!, ports);
    expect(await stateOf(ids.executionId)).toBe('finished');
    expect(await records().reader.getSession(ids.sessionId)).toMatchObject({ active: 'next' });
  });

  it('before the lease ends finds nothing to do', async () => {
    const { ports, completions } = createCollectorWorld(records(), t0 + 999);
    const { ids } = await aRunningExecution();
    await sweep(ports);
    expect(completions.map(({ executionId }) => executionId)).not.toContain(ids.executionId);
  });

  it('twice at once ends it once', async () => {
    const world = createCollectorWorld(records());
    const { ids } = await aRunningExecution();
    await Promise.all([sweep(world.ports), sweep(world.ports)]);
    const mine = world.completions.filter(({ executionId }) => executionId === ids.executionId);
    await Promise.all(mine.map((event) => handle(event, world.ports)));
    expect(await records().reader.getExecution(ids.executionId)).not.toHaveProperty('ignoredEvents');
  });

  it('five times at once, each by a sweeper with a clock and evidence of its own, ends it once', async () => {
    const worlds = Array.from({ length: 5 }, (_, n) => createCollectorWorld(records(), t0 + 5000 + n));
    const { ids } = await aRunningExecution(['next']);
    await Promise.all(worlds.map(({ ports }) => sweep(ports)));
    const events = worlds.flatMap(({ completions }) => completions.filter((event) => isOf(event, ids.executionId)));
    expect(events.length).toBeGreaterThan(0);
    await Promise.all(events.map((event, n) => handle(event, worlds[n % 5]!.ports)));
    const told = worlds.flatMap(({ notifications }) => notifications.filter((event) => isOf(event, ids.executionId)));
    expect(new Set(told.map(({ status, finishedAt }) => `${status} ${finishedAt}`)).size).toBe(1);
    expect(await records().reader.getSession(ids.sessionId)).toMatchObject({ active: 'next', queued: [] });
  });

  it('goes on at once when more leases are over than a page has', async () => {
    const all = await Promise.all(Array.from({ length: pageSize + 5 }, () => aRunningExecution()));
    const { ports, completions } = createCollectorWorld(records());
    await sweep(ports);
    const ended = new Set(completions.map(({ executionId }) => executionId));
    expect(all.filter(({ ids }) => !ended.has(ids.executionId))).toEqual([]);
  });

  it('wakes the dispatcher for a claim that never came', async () => {
    const { ports, wakeUps } = createCollectorWorld(records());
    const ids = freshIds();
    const { execution, session, lease } = launched(ids);
    const leaseId = `l-${ids.executionId}`;
    await store({
      execution: { ...execution, launch: { ...execution.launch, leaseId } },
      session: { ...session, ...ids, active: ids.executionId },
      lease: { ...lease, ...ids, leaseId },
    });
    await sweep(ports);
    expect(wakeUps).toContainEqual({
      ...ids,
      reason: 'claim-never-came',
      evidence: 'the executor ended with signal 9',
    });
  });
});
