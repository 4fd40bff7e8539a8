import { describe, expect, it } from '@jest/globals';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { decideHolder } from '../../dispatcher/lease-api/decide-heartbeat.ts';
import { isInTime, mayBeEnded } from '../../execution/lease-expiry.ts';
import { decideSweep } from '../../result-collector/decide-sweep.ts';
import { claimed, launched, launchPolicy, t0 } from '../support/records.ts';

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
