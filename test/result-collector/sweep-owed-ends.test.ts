import { describe, expect, it } from '@jest/globals';
import type { QueuedExecution, RejectedExecution } from '../../execution/records.ts';
import { handleResult } from '../../result-collector/handle.ts';
import type { SweeperPorts } from '../../result-collector/ports.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import { endOwedAfterMs } from '../../result-collector/sweep-owed-ends.ts';
import { pageSize } from '../../result-collector/sweep-pages.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { createCollectorWorld, goodSignature } from '../support/collector-world.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { aSession, queued, rejected, retentionMs, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const worldAt = (now: number) => createCollectorWorld(records(), now);
const due = t0 + endOwedAfterMs + 1;
const outcome = { kind: 'cancelled', by: 'request', reason: 'enough' } as const;
const sweep = (ports: SweeperPorts) => handleSweep(aDelivery({}), ports);
const collect = (event: CompletionEvent, { ports }: ReturnType<typeof worldAt>) =>
  handleResult(aDelivery(event, { attributes: { signature: goodSignature } }), ports, { retentionMs });

async function store<E extends QueuedExecution | RejectedExecution>(execution: E) {
  const ids = freshIds();
  const session = aSession({ sessionId: ids.sessionId, active: 'another' });
  await records().store.transact(ids, () => ({ writes: { execution: { ...execution, ...ids }, session } }));
  return ids;
}
const cancelled = () => store(queued({ owedEnd: { outcome, owedAt: t0 } }));

describe('the sweep of ends that are owed', () => {
  it.each([
    ['was cancelled while it waited', () => cancelled(), 'cancelled'],
    ['was rejected', () => store(rejected()), 'rejected'],
  ])('publishes that of an execution which %s, until it is collected', async (_what, stored, status) => {
    const ids = await stored();
    const world = worldAt(due);
    await sweep(world.ports);
    await sweep(world.ports);
    const events = world.completions.filter(({ executionId }) => executionId === ids.executionId);
    expect(events).toMatchObject([{ status }, { status }]);
    for (const event of events) await collect(event, world);
    await sweep(world.ports);
    expect(world.completions.filter(({ executionId }) => executionId === ids.executionId)).toHaveLength(2);
    const record = await records().reader.getExecution(ids.executionId);
    expect(record).toMatchObject({ state: 'finished', result: { status } });
    expect([record].map((one) => [one?.ignoredEvents, one && 'owedEnd' in one])).toEqual([[undefined, false]]);
  });

  it('waits for whoever decided it to the last millisecond', async () => {
    const ids = await cancelled();
    const [early, late] = [worldAt(due - 1), worldAt(due)];
    await sweep(early.ports);
    await sweep(late.ports);
    const told = [early, late].map(({ completions }) => completions.some((one) => one.executionId === ids.executionId));
    expect(told).toEqual([false, true]);
  });

  it('in several places at once publishes the same event, which ends it once', async () => {
    const ids = await cancelled();
    const worlds = [worldAt(due), worldAt(due + 7), worldAt(due + 2000)];
    await Promise.all(worlds.map(({ ports }) => sweep(ports)));
    const events = worlds.flatMap(({ completions }) =>
      completions.filter((one) => one.executionId === ids.executionId),
    );
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1);
    await Promise.all(events.map((event, n) => collect(event, worlds[n]!)));
    const told = worlds.flatMap(({ notifications }) =>
      notifications.filter((one) => one.executionId === ids.executionId),
    );
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('goes on at once when more are owed than a page has', async () => {
    const all = await Promise.all(Array.from({ length: pageSize + 5 }, cancelled));
    const world = worldAt(due);
    await sweep(world.ports);
    const told = new Set(world.completions.map(({ executionId }) => executionId));
    expect(all.filter(({ executionId }) => !told.has(executionId))).toEqual([]);
  });

  it('leaves alone what owes none', async () => {
    const ids = await store(queued());
    const world = worldAt(due);
    await sweep(world.ports);
    expect(world.completions.map(({ executionId }) => executionId)).not.toContain(ids.executionId);
  });
});
