import { describe, expect, it } from '@jest/globals';
import { type DispatchFacts, type DispatchPolicy, decideDispatch } from '../../dispatcher/decide.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { aCheckpoint, aRequest, aSession, launchPolicy, retentionMs, t0 } from '../support/records.ts';

const policy: DispatchPolicy = {
  ...launchPolicy,
  ...{ maxQueued: 2, maxGapMs: 500, retentionMs, ceilings: defaultLimits, networks: ['none'] },
};
const checkpoint = { ...aCheckpoint(3), sessionId: 's0', executionId: 'e0', createdAt: t0 };
const rests = aSession({ sessionId: 's0', active: null, expireAt: t0 });

/** A request that begins its session at the checkpoint of another one. */
const decide = (source = rests, room: DispatchFacts['room'] = { mayStart: true, queued: 0, maxQueued: 1 }) => {
  const request = aRequest({ checkpoint: 3, checkpointOf: 's0' });
  const facts = { request, requestDigest: 'digest', storedRequest: { kind: 'inline', request } as const, room };
  return decideDispatch({ ...facts, stored: { checkpoint, source }, newLeaseId: 'new', now: t0 }, policy);
};

describe('a request that names a checkpoint of another session', () => {
  it('begins a session there, and the checkpoint is stored with it', () => {
    expect(decide()).toMatchObject({
      kind: 'launch',
      writes: { session: { head: { number: 3 }, ancestors: ['s0'] }, checkpoint: { ...checkpoint, sessionId: 's1' } },
    });
  });
  it('keeps that one longer where it is at rest, as it was used', () => {
    expect(decide().writes?.source).toEqual({ ...rests, expireAt: t0 + retentionMs });
    expect(decide({ ...rests, active: 'e0' }).writes).not.toHaveProperty('source');
  });
  it('and is turned down stores nothing of either', () => {
    const { kind, writes } = decide(rests, { mayStart: false, queued: 7, maxQueued: 7 });
    expect([kind, Object.keys(writes ?? {})]).toEqual(['reject', ['execution']]);
  });
});
