import { describe, expect, it } from '@jest/globals';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleControl } from '../../dispatcher/handle-control.ts';
import type { DispatcherPorts } from '../../dispatcher/ports.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { aRequest } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const newWorld = () => createDispatcherWorld(records());
const handle = (request: unknown, ports: DispatcherPorts) => handleRequest(aDelivery(request), ports, dispatchPolicy);

describe('a control message', () => {
  const control = (sessionId: string, action: unknown, ports: DispatcherPorts) =>
    handleControl(aDelivery({ sessionId, action }), ports, dispatchPolicy);

  it('cancels a launch that nobody claimed', async () => {
    const { ports, completions } = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), ports);
    const action = { kind: 'cancel', executionId: ids.executionId, reason: 'enough' };
    expect(await control(ids.sessionId, action, ports)).toEqual({ kind: 'ack' });
    expect(completions).toMatchObject([
      { generation: 1, outcome: { kind: 'cancelled', by: 'request', reason: 'enough' } },
    ]);
  });

  it('that cancels a launch leaves nothing that a job could claim, and the end can be announced again', async () => {
    const world = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), world.ports);
    const action = { kind: 'cancel', executionId: ids.executionId };
    await control(ids.sessionId, action, world.ports);
    await control(ids.sessionId, action, world.ports);
    expect([await world.startJobs(2), world.completions.map(({ status }) => status)]).toEqual([
      [],
      ['cancelled', 'cancelled'],
    ]);
  });

  it('tells the lease of a running execution', async () => {
    const world = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), world.ports);
    await world.startJobs(1);
    await control(ids.sessionId, { kind: 'cancel', executionId: ids.executionId }, world.ports);
    const seen: (string | null | undefined)[] = [];
    await records().store.transact(ids, ({ lease }) => {
      seen.push(lease?.cancelReason);
      return {};
    });
    expect(seen).toEqual(['cancelled']);
  });

  it('for an execution of another session is dead-lettered, and that session goes on', async () => {
    const { ports, completions, deadLetters } = newWorld();
    const ids = freshIds();
    const other = freshIds();
    await handle(aRequest(ids), ports);
    await handle(aRequest(other), ports);
    const action = { kind: 'cancel', executionId: ids.executionId };
    expect(await control(other.sessionId, action, ports)).toEqual({ kind: 'ack' });
    expect([completions, deadLetters]).toMatchObject([[], [{ code: 'control/unknown-execution' }]]);
  });

  it('that overtook its request is delivered again', async () => {
    const { ports } = newWorld();
    const ids = freshIds();
    const action = { kind: 'cancel', executionId: ids.executionId };
    expect(await control(ids.sessionId, action, ports)).toEqual({ kind: 'nack', reason: 'not accepted yet' });
  });

  it('closes a session: what comes after is turned down', async () => {
    const { ports, completions } = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), ports);
    await control(ids.sessionId, { kind: 'close-session' }, ports);
    await handle(aRequest({ ...ids, executionId: `${ids.executionId}-2` }), ports);
    expect(completions).toMatchObject([{ outcome: { kind: 'rejected', code: 'session/closed' } }]);
  });

  it('that is not valid is dead-lettered', async () => {
    const { ports, deadLetters } = newWorld();
    await control('s1', { kind: 'explode' }, ports);
    expect(deadLetters).toMatchObject([{ code: 'message/invalid' }]);
  });
});
