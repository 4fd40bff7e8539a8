import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createCapacity } from '../../dispatcher/capacity.ts';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleControl } from '../../dispatcher/handle-control.ts';
import { handleWakeUp } from '../../dispatcher/handle-wake-up.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { DeploymentLimits } from '../../execution/tenant-limits.ts';
import { startFirestoreServer } from '../../local/firestore/server.ts';
import type { ExecRequest, WakeUp } from '../../schemas/generated/messages.ts';
import { aDelivery, createDispatcherWorld, type DispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { aRequest, t0 } from '../support/records.ts';
import { openRecordsStore, type RecordsStore } from '../support/records-store.ts';

const plenty = { maxRunning: 1000, startsPerMinute: 1000 };
const limited = (total: Partial<DeploymentLimits['total']>, tenant: Partial<DeploymentLimits['tenant']> = {}) => ({
  total: { ...plenty, ...total },
  tenant: { ...plenty, weight: 1, maxQueued: 100, ...tenant },
});

/** Runs `use` in a world of its own: limits count what others left. */
async function inWorld(limits: DeploymentLimits, use: (world: DispatcherWorld, store: RecordsStore) => Promise<void>) {
  const server = await startFirestoreServer({});
  const opened = openRecordsStore(server);
  const world = createDispatcherWorld(opened, limits);
  try {
    await use(world, opened);
  } finally {
    await world.settled();
    await opened.firestore.terminate();
    await server.close();
  }
}

const ask = async ({ ports }: DispatcherWorld, executionId: string, fields: Partial<ExecRequest> = {}) => {
  const request = aRequest({ executionId, sessionId: `s-${executionId}`, ...fields });
  return await handleRequest(aDelivery(request), ports, dispatchPolicy);
};
const launchesOf = ({ launches }: DispatcherWorld) => launches.map(({ executionId }) => executionId);

/** One round, and its turns taken. */
async function round(world: DispatcherWorld): Promise<readonly string[]> {
  await world.giveTurns();
  const turns: readonly WakeUp[] = world.wakeUps.splice(0);
  for (const turn of turns) await handleWakeUp(aDelivery(turn), world.ports, dispatchPolicy);
  return turns.map(({ executionId }) => executionId);
}

/** What the result collector does to the lease of an execution that ended. */
const end = async (world: DispatcherWorld, { store }: RecordsStore, executionId: string) => {
  const lease = world.launches.find((launched) => launched.executionId === executionId)?.launch.leaseId ?? '';
  await store.transact({ leaseId: lease }, () => ({ writes: { deletedLeaseId: lease } }));
  world.advance(1000);
};

describe('a region that is full', () => {
  it('makes what comes wait, and gives it its turn when something ends', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      await ask(world, 'e1');
      await ask(world, 'e2');
      expect([launchesOf(world), await round(world)]).toEqual([['e1'], []]);
      await end(world, store, 'e1');
      expect([await round(world), launchesOf(world)]).toEqual([['e2'], ['e1', 'e2']]);
    }));

  it('lets nobody overtake those that wait, also when there is room again', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      for (const id of ['e1', 'e2']) await ask(world, id);
      await end(world, store, 'e1');
      await ask(world, 'e3');
      expect([launchesOf(world), await round(world)]).toEqual([['e1'], ['e2']]);
    }));

  it('starts no more than may run, however many come at the same time', () =>
    inWorld(limited({ maxRunning: 3 }), async (world) => {
      await Promise.all(Array.from({ length: 12 }, (_, n) => ask(world, `e${n}`)));
      expect([world.launches.length, await round(world)]).toEqual([3, []]);
    }));

  it('starts no more than may start within a minute, and goes on after it', () =>
    inWorld(limited({ startsPerMinute: 2 }), async (world) => {
      for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) await ask(world, id);
      world.advance(59_000);
      const early = await round(world);
      world.advance(1000);
      expect([early, await round(world)]).toEqual([[], ['e3', 'e4']]);
    }));

  it('takes the tenant that started less first, then the higher priority', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      await ask(world, 'e1', { tenantId: 'a' });
      await ask(world, 'e2', { tenantId: 'a' });
      await ask(world, 'e3', { tenantId: 'a', priority: 5 });
      await ask(world, 'e4', { tenantId: 'b' });
      await end(world, store, 'e1');
      const first = await round(world);
      await end(world, store, first[0] ?? '');
      expect([first, await round(world)]).toEqual([['e4'], ['e3']]);
    }));

  it('gives a turn again that nobody took, and not before', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      for (const id of ['e1', 'e2']) await ask(world, id);
      await end(world, store, 'e1');
      const given = async () => {
        await world.giveTurns();
        return world.wakeUps.splice(0).length;
      };
      const first = [await given(), await given()];
      world.advance(10_000);
      expect([first, await given()]).toEqual([[1, 0], 1]);
    }));
});

describe('a tenant', () => {
  it('with limits of its own waits within them, and holds up nobody else', () =>
    inWorld(limited({}), async (world, { firestore }) => {
      await firestore.doc('tenants/a').set({ maxRunning: 1, maxQueued: 1 });
      for (const id of ['e1', 'e2']) await ask(world, id, { tenantId: 'a' });
      world.advance(1000);
      await ask(world, 'e3', { tenantId: 'a' });
      await ask(world, 'e4', { tenantId: 'b' });
      expect([launchesOf(world), world.completions]).toMatchObject([
        ['e1', 'e4'],
        [
          {
            executionId: 'e3',
            outcome: {
              ...{ kind: 'rejected', code: 'tenant/queue-full' },
              message: 'the tenant a has as many executions waiting as may: 1, its maxQueued is 1',
            },
          },
        ],
      ]);
    }));

  it('with ceilings of its own gets no more than they allow, by default or by asking', () =>
    inWorld(limited({}), async (world, { firestore }) => {
      await firestore.doc('tenants/a').set({ ceilings: { memoryMb: 64, pids: 'few' } });
      await ask(world, 'e1', { tenantId: 'a' });
      await ask(world, 'e2', { tenantId: 'a', limits: { memoryMb: 65 } });
      const { limits } = (await firestore.doc('executions/e1').get()).data() ?? {};
      expect(limits).toEqual({ ...defaultLimits, memoryMb: 64 });
      expect(world.completions).toMatchObject([
        {
          executionId: 'e2',
          outcome: { code: 'request/over-limit', message: 'memoryMb 65 is more than 64, the ceiling of the tenant a' },
        },
      ]);
      expect(world.logged).toEqual([expect.objectContaining({ message: 'tenant document not valid' })]);
    }));

  it.each([
    { maxRunning: 'two' },
    { maxRunning: -1, weight: 0 },
    {},
  ])('whose document says %j has the limits of the deployment, and what is wrong is logged', (written) =>
    inWorld(limited({ maxRunning: 5 }, { maxRunning: 1 }), async (world, { firestore }) => {
      await firestore.doc('tenants/a').set(written);
      for (const id of ['e1', 'e2']) await ask(world, id, { tenantId: 'a' });
      const problems = Object.keys(written).map((name) => expect.stringContaining(name));
      expect(launchesOf(world)).toEqual(['e1']);
      expect(world.logged.flatMap(({ fields }) => Object(fields).problems).toSorted()).toEqual(problems);
    }));

  it('with hundreds waiting hides none of the others', () =>
    inWorld(limited({ maxRunning: 1 }, { maxQueued: 1000 }), async (world, { capacity }) => {
      await Promise.all(Array.from({ length: 130 }, (_, n) => ask(world, `e${n}`, { tenantId: 'noisy' })));
      await ask(world, 'z', { tenantId: 'quiet' });
      const tenants = (await capacity.findWaiting(() => true)).map(({ waiting }) => waiting?.tenantId);
      expect([tenants.includes('quiet'), tenants.length]).toEqual([true, 101]);
    }));
});

describe('an execution whose end is announced while it waits, and nobody collects ends', () => {
  const endings: [string, Partial<ExecRequest>, (world: DispatcherWorld) => Promise<unknown>][] = [
    [
      'cancelled',
      {},
      (world) =>
        handleControl(
          aDelivery({ sessionId: 's-e2', action: { kind: 'cancel', executionId: 'e2', reason: 'enough' } }),
          world.ports,
          dispatchPolicy,
        ),
    ],
    ['expired', { expiresAt: new Date(t0 + 1500).toISOString() }, async (world) => world.advance(1500)],
  ];

  it.each(endings)('(%s) takes no room from one that comes', (_how, fields, announceEnd) =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      await ask(world, 'e1');
      await ask(world, 'e2', fields);
      await announceEnd(world);
      await end(world, store, 'e1');
      await ask(world, 'e3');
      expect(launchesOf(world)).toEqual(['e1', 'e3']);
    }));

  it.each(endings)('(%s) takes no turn from one that waits behind it', (_how, fields, announceEnd) =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      await ask(world, 'e1');
      await ask(world, 'e2', fields);
      await ask(world, 'e3');
      await announceEnd(world);
      await end(world, store, 'e1');
      await round(world);
      expect(launchesOf(world)).toEqual(['e1', 'e3']);
    }));

  it.each(endings)('(%s) frees the turn that it was given and did not take', (_how, fields, announceEnd) =>
    inWorld(limited({ maxRunning: 1 }), async (world, store) => {
      await ask(world, 'e1');
      await ask(world, 'e2', fields);
      await ask(world, 'e3');
      await end(world, store, 'e1');
      await world.giveTurns();
      const first = world.wakeUps.splice(0).map(({ executionId }) => executionId);
      await announceEnd(world);
      world.advance(1000);
      await round(world);
      expect([first, launchesOf(world)]).toEqual([['e2'], ['e1', 'e3']]);
    }));

  it.each(endings)('(%s) has it announced again ever more rarely, and not in each round', (_how, fields, announceEnd) =>
    inWorld(limited({ maxRunning: 1 }), async (world) => {
      await ask(world, 'e1');
      await ask(world, 'e2', fields);
      await announceEnd(world);
      const announced: number[] = [];
      for (let second = 1; second <= 60; second += 1) {
        world.advance(1000);
        announced.push(...(await round(world)).map(() => second));
      }
      expect(announced).toEqual([1, 11, 31]);
    }));
});

describe('a launch that found no capacity where there seemed to be some', () => {
  it('stays so through rounds in which nobody is ready', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, opened) => {
      for (const id of ['e1', 'e2', 'e3', 'e4']) await ask(world, id);
      const wakeUps: WakeUp[] = [];
      const wake = async (wakeUp: WakeUp) => void wakeUps.push(wakeUp);
      let now = t0 - 1;
      const capacity = createCapacity({ ...opened.capacity, wake, log: () => {}, now: () => now }, limited({}));
      capacity.refused();
      for (const _ of Array(5)) await capacity.giveTurns();
      const early = wakeUps.length;
      now = t0;
      await capacity.giveTurns();
      expect([early, wakeUps.length]).toEqual([0, 1]);
    }));

  it('is tried again before what comes after it, of whatever tenant, and however soon there is room again', () =>
    inWorld(limited({ maxRunning: 30 }), async (world) => {
      let isFull = false;
      const { launch } = world.ports;
      const ports: typeof world.ports = {
        ...world.ports,
        launch: async (execution) => {
          if (isFull) throw new PipelineError('launch/quota', 'the region is full');
          await launch(execution, undefined);
        },
      };
      await ask(world, 'e1', { tenantId: 'noisy' });
      isFull = true;
      await ask({ ...world, ports }, 'e2', { tenantId: 'quiet' });
      isFull = false;
      world.advance(1);
      const early = await round(world);
      for (const id of ['e3', 'e4']) await ask({ ...world, ports }, id, { tenantId: 'noisy' });
      world.advance(dispatchPolicy.postponeMs);
      expect([launchesOf(world), early, await round(world)]).toEqual([['e1'], [], ['e2']]);
    }));

  it('makes the next rounds careful: one turn, then two, then four', () =>
    inWorld(limited({ maxRunning: 1 }), async (world, opened) => {
      const ids = Array.from({ length: 12 }, () => `e-${randomUUID()}`);
      for (const id of ids) await ask(world, id);
      const wakeUps: WakeUp[] = [];
      const wake = async (wakeUp: WakeUp) => void wakeUps.push(wakeUp);
      const capacity = createCapacity({ ...opened.capacity, wake, log: () => {}, now: () => t0 + 5000 }, limited({}));
      capacity.refused();
      const counts: number[] = [];
      for (const _ of Array(4)) {
        await capacity.giveTurns();
        counts.push(wakeUps.splice(0).length);
      }
      expect(counts).toEqual([1, 2, 4, 4]);
    }));
});
