import { describe, expect, it } from '@jest/globals';
import { handleRequest } from '../../dispatcher/handle.ts';
import { decideClaim } from '../../dispatcher/lease-api/decide-claim.ts';
import { decideHeartbeat } from '../../dispatcher/lease-api/decide-heartbeat.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import { createCollectorWorld } from '../support/collector-world.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { aRequest, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

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
