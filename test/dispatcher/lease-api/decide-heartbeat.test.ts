import { describe, expect, it } from '@jest/globals';
import { decideHeartbeat } from '../../../dispatcher/lease-api/decide-heartbeat.ts';
import type { LeaseRecord } from '../../../execution/records.ts';
import { claimed, launched, t0 } from '../../support/records.ts';

const beat = (lease: LeaseRecord | undefined, now = t0, caller = 'owner') =>
  decideHeartbeat({ stored: lease ? { lease } : {}, isOwner: (owner) => owner === caller, now }, { leaseMs: 500 });

describe('a heartbeat', () => {
  const { lease } = claimed();
  it('renews the lease from now', () => {
    expect(beat(lease, t0 + 10)).toMatchObject({
      kind: 'renewed',
      cancelReason: null,
      writes: { lease: { owner: 'owner', expiresAt: t0 + 510 } },
    });
  });
  it('tells the holder why it is to stop', () => {
    expect(beat({ ...lease, cancelReason: 'enough' })).toMatchObject({ kind: 'renewed', cancelReason: 'enough' });
  });
  it('renews in the last millisecond of the lease', () => {
    expect(beat(lease, lease.expiresAt - 1)).toMatchObject({ kind: 'renewed' });
  });
  it('is refused from the instant the lease ends', () => {
    expect(beat(lease, lease.expiresAt)).toMatchObject({ kind: 'refused', code: 'lease/expired' });
  });
  it('is refused for a lease that is gone', () => {
    expect(beat(undefined)).toMatchObject({ kind: 'refused', code: 'lease/unknown' });
  });
  it('is refused to who cannot prove to be the owner', () => {
    expect(beat(lease, t0, 'another')).toMatchObject({ kind: 'refused', code: 'lease/unauthorized' });
  });
  it('is refused while nobody holds the lease', () => {
    expect(beat(launched().lease)).toMatchObject({ kind: 'refused', code: 'lease/unauthorized' });
  });
});
