import { describe, expect, it } from '@jest/globals';
import { decideClaim } from '../../../dispatcher/lease-api/decide-claim.ts';
import { withdrawLease } from '../../../execution/launch.ts';
import type { StoredRecords } from '../../../execution/records.ts';
import { claimed, finished, launched, t0 } from '../../support/records.ts';

const decide = (stored: StoredRecords, owner = 'owner', now = t0) =>
  decideClaim({ stored, owner, cloudRunExecution: 'run-1', now }, { leaseMs: 500 });

describe('a claim', () => {
  it('is granted to the first owner, and the execution runs from then on', () => {
    expect(decide(launched())).toMatchObject({
      kind: 'granted',
      execution: { state: 'running', claimedAt: t0, launch: { leaseId: 'l1' } },
      writes: {
        lease: { owner: 'owner', claimedAt: t0, expiresAt: t0 + 500, cloudRunExecution: 'run-1' },
        execution: { state: 'running' },
      },
    });
  });
  it('counts as a start of the command', () => {
    expect(decide(launched({ starts: 1 }))).toMatchObject({ execution: { starts: 2 } });
  });
  it('is granted to the same owner again, because its first answer may be lost; nothing is written', () => {
    const stored = claimed();
    expect(decide(stored)).toEqual({ kind: 'granted', ...stored });
  });
  it('is refused to a second owner', () => {
    expect(decide(claimed(), 'another')).toMatchObject({ kind: 'refused', code: 'lease/claimed' });
  });
  it('is refused once the launch was cancelled, and the holder of a claimed lease is still granted it again', () => {
    const { execution, session, lease } = launched();
    const cancelled = { execution, session, lease: { ...lease, cancelReason: 'enough' } };
    expect([decide(cancelled), decide(claimed({}, { cancelReason: 'enough' }))]).toMatchObject([
      { kind: 'refused', code: 'lease/unknown' },
      { kind: 'granted' },
    ]);
  });
  it('that comes after the grace time is good while nothing replaced its lease', () => {
    expect(decide(launched(), 'owner', t0 + 60_000)).toMatchObject({ kind: 'granted' });
  });
  it('for a launch that was given up is refused: it is said not to have run', () => {
    const { lease, ...rest } = launched();
    const stored = { ...rest, lease: withdrawLease(lease) };
    expect(decide(stored)).toMatchObject({ kind: 'refused', code: 'lease/claimed' });
  });
  it.each(['lease', 'execution', 'session'] as const)('for a %s that is gone is refused', (gone) => {
    const { [gone]: _, ...rest } = launched();
    expect(decide(rest)).toMatchObject({ kind: 'refused', code: 'lease/unknown', message: 'the lease has ended' });
  });
  it('for a lease that was replaced by another launch is refused', () => {
    const { lease } = launched();
    expect(decide({ ...launched({}, 2), lease })).toMatchObject({ kind: 'refused', code: 'lease/unknown' });
  });
  it('for an execution that has ended is refused', () => {
    const { session, lease } = launched();
    expect(decide({ execution: finished(), session, lease })).toMatchObject({ kind: 'refused', code: 'lease/unknown' });
  });
  it('for an execution that runs under a lease nobody holds is refused', () => {
    const { lease } = launched();
    expect(decide({ ...claimed(), lease })).toMatchObject({ kind: 'refused', code: 'lease/unknown' });
  });
});
