import { describe, expect, it } from '@jest/globals';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleWakeUp } from '../../dispatcher/handle-wake-up.ts';
import type { WakeUp } from '../../schemas/generated/messages.ts';
import { crashAfterCall } from '../support/crashing-ports.ts';
import { aDelivery, createDispatcherWorld, type DispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { aRequest } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const newWorld = () => createDispatcherWorld(records());
const ask = (world: DispatcherWorld, ids: { executionId: string; sessionId: string }) =>
  handleRequest(aDelivery(aRequest(ids)), world.ports, dispatchPolicy);
const wake = (ports: DispatcherWorld['ports'], wakeUp: WakeUp) =>
  handleWakeUp(aDelivery(wakeUp), ports, dispatchPolicy);
const forget = (executionId: string) => records().firestore.doc(`executions/${executionId}`).delete();

/** A session that waits for an execution whose record is gone; `behind` were accepted after it. */
async function aStuckSession(world: DispatcherWorld, behind: number) {
  const { executionId, sessionId } = freshIds();
  await ask(world, { executionId, sessionId });
  const others = Array.from({ length: behind }, (_, n) => `${executionId}-${n}`);
  for (const other of others) await ask(world, { executionId: other, sessionId });
  await forget(executionId);
  return { executionId, sessionId, others };
}

describe('a wake-up for an execution without a record', () => {
  it('has the next of the session launched in a round', async () => {
    const world = newWorld();
    const { executionId, sessionId, others } = await aStuckSession(world, 2);
    expect(await wake(world.ports, { executionId, sessionId, reason: 'turn' })).toEqual({ kind: 'ack' });
    await world.giveTurns();
    const turn = world.wakeUps.find((one) => one.sessionId === sessionId);
    expect(turn).toEqual({ sessionId, executionId: others[0], reason: 'turn' });
    await wake(world.ports, turn!);
    expect(world.launches.map((launch) => launch.executionId)).toContain(others[0]);
    expect(await records().reader.getSession(sessionId)).toMatchObject({ active: others[0], queued: [others[1]] });
  });
  it('passes over those behind it that have none either', async () => {
    const world = newWorld();
    const { executionId, sessionId, others } = await aStuckSession(world, 3);
    await Promise.all([forget(others[0]!), forget(others[1]!)]);
    await wake(world.ports, { executionId, sessionId, reason: 'turn' });
    expect(await records().reader.getSession(sessionId)).toMatchObject({ active: others[2], queued: [] });
  });
  it('lets the session rest when nobody waits, and a later request runs', async () => {
    const world = newWorld();
    const { executionId, sessionId } = await aStuckSession(world, 0);
    await wake(world.ports, { executionId, sessionId, reason: 'turn' });
    expect(await records().reader.getSession(sessionId)).toMatchObject({ active: null });
    await ask(world, { executionId: `${executionId}-later`, sessionId });
    expect(world.launches.at(-1)?.executionId).toBe(`${executionId}-later`);
  });
  it.each([1, 2, 3, 4])('has the session go on although the dispatcher died after call %i', async (at) => {
    const world = newWorld();
    const { executionId, sessionId, others } = await aStuckSession(world, 2);
    await forget(others[0]!);
    const wakeUp = { executionId, sessionId, reason: 'turn' } as const;
    await wake(crashAfterCall(world.ports, at, ['now', 'newId']), wakeUp).catch(() => {});
    await wake(world.ports, wakeUp);
    expect(await records().reader.getSession(sessionId)).toMatchObject({ active: others[1], queued: [] });
  });
  it('leaves a session alone that waits for another execution', async () => {
    const world = newWorld();
    const { executionId, sessionId } = freshIds();
    await ask(world, { executionId, sessionId });
    const before = await records().reader.getSession(sessionId);
    await wake(world.ports, { executionId: 'never-was', sessionId, reason: 'next-in-session' });
    expect(await records().reader.getSession(sessionId)).toEqual(before);
  });
});
