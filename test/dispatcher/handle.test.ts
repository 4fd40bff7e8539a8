import { describe, expect, it } from '@jest/globals';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleSweep } from '../../dispatcher/handle-sweep.ts';
import { handleWakeUp } from '../../dispatcher/handle-wake-up.ts';
import type { DispatcherPorts } from '../../dispatcher/ports.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { Crash, crashAfterCall } from '../support/crashing-ports.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { aRequest } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();
const newWorld = () => createDispatcherWorld(records());

const handle = (request: unknown, ports: DispatcherPorts) => handleRequest(aDelivery(request), ports, dispatchPolicy);
const wake = (ids: { executionId: string; sessionId: string }, ports: DispatcherPorts) =>
  handleWakeUp(aDelivery({ ...ids, reason: 'next-in-session' }), ports, dispatchPolicy);

describe('a request', () => {
  it('is stored, launched and acked', async () => {
    const { ports, launches } = newWorld();
    const request = aRequest(freshIds());
    expect(await handle(request, ports)).toEqual({ kind: 'ack' });
    expect(launches.map(({ executionId }) => executionId)).toEqual([request.executionId]);
    expect(await records().reader.getExecution(request.executionId)).toEqual(launches[0]);
  });

  it('that waits for its turn is acked and not launched', async () => {
    const { ports, launches } = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), ports);
    expect(await handle(aRequest({ ...ids, executionId: `${ids.executionId}-2` }), ports)).toEqual({ kind: 'ack' });
    expect(launches).toHaveLength(1);
  });

  it('delivered ten times at once is launched once', async () => {
    const { ports, launches } = newWorld();
    const request = aRequest(freshIds());
    await Promise.all(Array.from({ length: 10 }, () => handle(request, ports)));
    expect(launches).toHaveLength(1);
  });

  it('delivered again before the claim waits for it', async () => {
    const { ports } = newWorld();
    const request = aRequest(freshIds());
    await handle(request, ports);
    expect(await handle(request, ports)).toMatchObject({
      kind: 'nack',
      reason: expect.stringContaining('not claimed'),
    });
  });

  it.each([
    1, 2, 3,
  ])('whose dispatcher died after call %i is run by one job, even if every job starts twice', async (at) => {
    const world = newWorld();
    const request = aRequest(freshIds());
    await expect(handle(request, crashAfterCall(world.ports, at, ['now', 'newId']))).rejects.toThrow(Crash);
    world.advance(dispatchPolicy.claimGraceMs);
    await handle(request, world.ports);
    expect(await world.startJobs(2)).toHaveLength(1);
  });

  it('that is large is kept in the bucket and not in the document', async () => {
    const { ports, launches } = newWorld();
    await handle(aRequest({ ...freshIds(), command: `: ${'x'.repeat(70_000)}` }), ports);
    expect(launches[0]?.request).toMatchObject({
      kind: 'object',
      ref: { object: expect.stringContaining('executions/') },
    });
  });

  it('that is not valid is dead-lettered with the reason and acked', async () => {
    const { ports, deadLetters } = newWorld();
    expect(await handle({ executionId: 'e1' }, ports)).toEqual({ kind: 'ack' });
    expect(deadLetters).toEqual([{ code: 'message/invalid', reason: expect.stringContaining('sessionId') }]);
  });

  it('whose id names another request is dead-lettered', async () => {
    const { ports, deadLetters } = newWorld();
    const request = aRequest(freshIds());
    await handle(request, ports);
    await handle({ ...request, command: 'echo ho' }, ports);
    expect(deadLetters).toMatchObject([{ code: 'request/id-conflict' }]);
  });

  it('that is turned down gets its completion event, and again when the notice may be lost', async () => {
    const { ports, completions } = newWorld();
    const request = aRequest({ ...freshIds(), network: 'internet' });
    await handle(request, ports);
    await handle(request, ports);
    const event = {
      outcome: { kind: 'rejected', code: 'request/network-unavailable' },
      status: 'rejected',
      generation: 0,
    };
    expect(completions).toMatchObject([event, event]);
  });
});

describe('a request for a network', () => {
  const open = { ...dispatchPolicy, networks: ['none', 'internet'] as const };
  const allow = [{ host: 'a.example.com' }] as const;

  it.each([
    ['nothing', null, 1, []],
    [
      'a part of it',
      { weight: 1, network: { allow: [{ host: '*.example.com', ports: [443] }] } },
      0,
      ['request/network-not-allowed'],
    ],
    ['all of it', { network: { allow: [{ host: '*.example.com' }] } }, 1, []],
    ['what cannot be read', { network: 'yes' }, 0, ['request/network-not-allowed']],
  ] as const)('of a tenant of whom is written %s', async (_title, written, launched, codes) => {
    const { ports, launches, completions } = newWorld();
    const tenantId = freshIds().sessionId;
    if (written !== null) await records().firestore.doc(`tenants/${tenantId}`).set(written);
    const request = aRequest({ ...freshIds(), tenantId, network: { allow: [...allow] } });
    await handleRequest(aDelivery(request), ports, open);
    expect([launches.length, completions.map(({ outcome }) => outcome)]).toMatchObject([
      launched,
      codes.map((code) => ({ kind: 'rejected', code })),
    ]);
  });

  it('costs no read where it is for none', async () => {
    const { ports, launches } = newWorld();
    const readTenant = () => Promise.reject(new Error('not asked for'));
    await handleRequest(aDelivery(aRequest({ ...freshIds(), network: 'none' })), { ...ports, readTenant }, open);
    expect(launches).toHaveLength(1);
  });
});

describe('numbered requests', () => {
  const numbered = (ids: ReturnType<typeof freshIds>, sequence: number) =>
    aRequest({ ...ids, executionId: `${ids.executionId}-${sequence}`, sequence });

  it('that come in any order go on by their numbers', async () => {
    const { ports, launches } = newWorld();
    const ids = freshIds();
    for (const sequence of [3, 2, 1]) await handle(numbered(ids, sequence), ports);
    const session = await records().reader.getSession(ids.sessionId);
    expect([launches.map(({ sequence }) => sequence), session?.queued]).toEqual([
      [1],
      [2, 3].map((sequence) => `${ids.executionId}-${sequence}`),
    ]);
  });

  it('whose gap is never filled go on when the sweep finds that they waited long enough', async () => {
    const world = newWorld();
    const ids = freshIds();
    await handle(numbered(ids, 2), world.ports);
    const sweep = async () => {
      await handleSweep(world.ports);
      const own = world.wakeUps.splice(0).filter(({ sessionId }) => sessionId === ids.sessionId);
      await Promise.all(own.map((wakeUp) => handleWakeUp(aDelivery(wakeUp), world.ports, dispatchPolicy)));
      return own.length;
    };
    world.advance(dispatchPolicy.maxGapMs - 1);
    const early = await sweep();
    world.advance(1);
    expect([early, await sweep(), world.launches.map(({ sequence }) => sequence)]).toEqual([0, 1, [2]]);
    await handle(numbered(ids, 1), world.ports);
    expect(world.completions).toMatchObject([{ outcome: { code: 'session/sequence-passed' } }]);
  });
});

describe('a launch that fails', () => {
  const failing = (code: 'launch/refused' | 'launch/unavailable') => {
    const world = newWorld();
    const launch = async () => {
      throw new PipelineError(code, 'job j: no');
    };
    return { ...world, ports: { ...world.ports, launch } };
  };
  it('for good ends the execution with the reason', async () => {
    const { ports, completions } = failing('launch/refused');
    expect(await handle(aRequest(freshIds()), ports)).toEqual({ kind: 'ack' });
    expect(completions).toMatchObject([
      {
        generation: 1,
        outcome: { kind: 'launch-failed', code: 'launch/refused', message: '[launch/refused] job j: no' },
      },
    ]);
  });
  it('without capacity waits for it, however often, and is never a failure nor a second job', async () => {
    const world = newWorld();
    const { launches, completions, deadLetters, wakeUps } = world;
    let isFull = true;
    const launch: DispatcherPorts['launch'] = async (execution, traceparent) => {
      if (isFull) throw new PipelineError('launch/quota', 'job j: no');
      await world.ports.launch(execution, traceparent);
    };
    const ports = { ...world.ports, launch };
    const request = aRequest(freshIds());
    const giveTurns = async () => {
      world.advance(11_000);
      await world.giveTurns();
      const own = wakeUps.splice(0).filter(({ sessionId }) => sessionId === request.sessionId);
      const dispositions = own.map((wakeUp) => handleWakeUp(aDelivery(wakeUp), ports, dispatchPolicy));
      return (await Promise.all(dispositions)).map(({ kind }) => kind);
    };
    expect(await handle(request, ports)).toEqual({ kind: 'ack' });
    for (const _ of Array(30)) expect(await giveTurns()).toEqual(['ack']);
    isFull = false;
    expect([await handle(request, ports), await giveTurns()]).toEqual([{ kind: 'ack' }, ['ack']]);
    expect([
      launches.map(({ launch: { generation, attempt } }) => [generation, attempt]),
      completions,
      deadLetters,
    ]).toEqual([[[32, 1]], [], []]);
    expect(await world.startJobs(2)).toHaveLength(1);
  });
  it.each([
    2, 3, 4,
  ])('without capacity, whose dispatcher died after call %i, waits after the next delivery', async (at) => {
    const world = newWorld();
    const launch = async () => {
      throw new PipelineError('launch/quota', 'job j: no');
    };
    const ports = { ...world.ports, launch };
    const request = aRequest(freshIds());
    await handle(request, crashAfterCall(ports, at, ['now', 'newId', 'refused'])).catch(() => {});
    world.advance(dispatchPolicy.claimGraceMs);
    expect(await handle(request, ports)).toEqual({ kind: 'ack' });
    expect(await records().reader.getSession(request.sessionId)).toMatchObject({
      waiting: { executionId: request.executionId },
    });
  });
  it('for a time is left to the next delivery', async () => {
    const { ports, completions } = failing('launch/unavailable');
    await expect(handle(aRequest(freshIds()), ports)).rejects.toThrow('launch/unavailable');
    expect(completions).toEqual([]);
  });
});

describe('a wake-up', () => {
  it('for an execution whose turn it is not launches nothing', async () => {
    const { ports, launches } = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), ports);
    const second = { ...ids, executionId: `${ids.executionId}-2` };
    await handle(aRequest(second), ports);
    expect([await wake(second, ports), launches.length]).toEqual([{ kind: 'ack' }, 1]);
  });

  it('for a claim that never came launches again, and the job of the first launch finds its lease gone', async () => {
    const world = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), world.ports);
    world.advance(dispatchPolicy.claimGraceMs);
    await Promise.all([wake(ids, world.ports), wake(ids, world.ports)]);
    expect(world.launches.map(({ launch }) => launch.generation)).toEqual([1, 2]);
    expect(await world.startJobs(2)).toHaveLength(1);
  });

  it('gives up after as many launches as the policy allows', async () => {
    const world = newWorld();
    const ids = freshIds();
    await handle(aRequest(ids), world.ports);
    for (const _ of Array(3)) {
      world.advance(dispatchPolicy.claimGraceMs);
      await wake(ids, world.ports);
    }
    expect(world.launches).toHaveLength(3);
    expect(world.completions).toMatchObject([{ generation: 3, outcome: { code: 'launch/never-claimed' } }]);
  });

  it('that is not valid is dead-lettered', async () => {
    const { ports, deadLetters } = newWorld();
    await handleWakeUp(aDelivery('no json'), ports, dispatchPolicy);
    expect(deadLetters).toMatchObject([{ code: 'message/not-json' }]);
  });
});
