import { describe, expect, it } from '@jest/globals';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { handleRequest } from '../../dispatcher/handle.ts';
import { decideClaim } from '../../dispatcher/lease-api/decide-claim.ts';
import { decideHeartbeat, decideHolder } from '../../dispatcher/lease-api/decide-heartbeat.ts';
import { isInTime, mayBeEnded } from '../../execution/lease-expiry.ts';
import { decideSweep } from '../../result-collector/decide-sweep.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import { createCollectorWorld } from '../support/collector-world.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { aRequest, claimed, launched, launchPolicy, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const tolerance = { clockToleranceMs: 200 };
const end = t0 + 1000;
const evidence = { kind: 'unknown' } as const;

describe('a lease that ends at 1,000 ms, with clocks that may be 200 ms apart', () => {
  it.each([
    { at: 999, isHeld: true, isEnded: false },
    { at: 1000, isHeld: false, isEnded: false },
    { at: 1199, isHeld: false, isEnded: false },
    { at: 1200, isHeld: false, isEnded: true },
  ])('at $at: in time $isHeld, may be ended $isEnded', ({ at, isHeld, isEnded }) => {
    const { lease } = claimed();
    expect([isInTime(lease, t0 + at), mayBeEnded(lease, t0 + at, 200)]).toEqual([isHeld, isEnded]);
  });

  it('refuses its holder from its end on', () => {
    const at = (now: number) => decideHolder({ stored: claimed(), isOwner: () => true, now }).kind;
    expect([at(end - 1), at(end)]).toEqual(['held', 'refused']);
  });

  it('is left alone by the sweeper until the tolerance has passed too', () => {
    const at = (now: number) => decideSweep({ leaseId: 'l1', stored: claimed(), evidence, now }, tolerance).kind;
    expect([at(end), at(end + 199), at(end + 200)]).toEqual(['leave', 'leave', 'end']);
  });

  it.each([
    ['runs and may be started again', claimed({ maxGenerations: 2 })],
    ['was never claimed', launched()],
  ])('whose execution %s is launched again only then', (_what, stored) => {
    const policy = { ...launchPolicy, ...tolerance, maxLaunches: 3 };
    const at = (now: number) => decideWakeUp({ reason: 'executor-lost', stored, newLeaseId: 'n', now }, policy).kind;
    expect([at(end + 199), at(end + 200)]).toEqual(['ignore', 'launch']);
  });

  it('can never be renewed by one clock and ended by another that is less than the tolerance ahead', () => {
    const both = Array.from({ length: 400 }, (_, ms) => {
      const heartbeat = decideHolder({ stored: claimed(), isOwner: () => true, now: end - 200 + ms }).kind;
      const sweep = decideSweep({ leaseId: 'l1', stored: claimed(), evidence, now: end - 200 + ms + 200 }, tolerance);
      return heartbeat === 'held' && sweep.kind === 'end';
    });
    expect(both.filter(Boolean)).toEqual([]);
  });
});

describe('an execution whose executor went silent', () => {
  const records = useRecordsStore();
  const leaseMs = 45_000;
  const policy = { clockToleranceMs: 2000 };

  it.each([
    0, 1, 10_000, 42_999, 43_000,
  ])('after a heartbeat %i ms after a sweep is ended within two lease times, where sweeps are a lease time less the tolerance apart', async (phase) => {
    const clock = createManualClock(t0);
    const world = createDispatcherWorld(records());
    const ids = freshIds();
    await handleRequest(aDelivery(aRequest(ids)), world.ports, dispatchPolicy);
    const leaseId = world.launches[0]?.launch.leaseId ?? '';
    const { store } = records();
    clock.advance(phase);
    await store.transact({ leaseId }, (stored) =>
      decideClaim({ stored, owner: 'owner', cloudRunExecution: null, now: clock.now() }, { leaseMs }),
    );
    await store.transact({ leaseId }, (stored) =>
      decideHeartbeat({ stored, isOwner: () => true, now: clock.now() }, { leaseMs }),
    );
    const silentSince = clock.now();
    const { ports, completions } = createCollectorWorld(records());
    const ends: number[] = [];
    const everyMs = leaseMs - policy.clockToleranceMs;
    clock.advance(everyMs - phase);
    for (const _ of Array(3)) {
      await handleSweep(aDelivery({}), { ...ports, now: clock.now }, policy);
      ends.push(
        ...completions
          .splice(0)
          .filter(({ executionId }) => executionId === ids.executionId)
          .map(clock.now),
      );
      clock.advance(everyMs);
    }
    expect((ends[0] ?? Number.NaN) - silentSince).toBeLessThanOrEqual(2 * leaseMs);
  });
});
