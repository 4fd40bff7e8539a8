import { describe, expect, it } from '@jest/globals';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { withdrawLease } from '../../execution/launch.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aSession, claimed, finished, launched, launchPolicy, queued, rejected, t0 } from '../support/records.ts';

const policy = { ...launchPolicy, maxLaunches: 3 };
const decide = (stored: StoredRecords, now = t0) => decideWakeUp({ stored, newLeaseId: 'new', now }, policy);

describe('a wake-up', () => {
  it('launches the queued execution whose turn it is', () => {
    const session = aSession({ active: 'e1', queued: ['e2'], epoch: 6 });
    expect(decide({ execution: queued(), session })).toMatchObject({
      kind: 'launch',
      execution: { state: 'launching', launch: { generation: 1, epoch: 7, leaseId: 'new' } },
      writes: { session: { active: 'e1', queued: ['e2'] }, lease: { leaseId: 'new' } },
    });
  });
  it('does nothing for an execution whose turn it is not', () => {
    expect(decide({ execution: queued(), session: aSession({ active: 'e0', queued: ['e1'] }) })).toEqual({
      kind: 'ignore',
      why: 'not its turn',
    });
  });
  it.each([
    ['rejected', rejected()],
    ['finished', finished()],
  ])('does nothing for an execution that is %s', (state, execution) => {
    expect(decide({ execution, session: aSession() })).toEqual({ kind: 'ignore', why: `the execution is ${state}` });
  });
  it.each<[string, StoredRecords]>([
    ['execution', { session: aSession() }],
    ['session', { execution: queued() }],
  ])('does nothing without its %s', (_what, stored) => {
    expect(decide(stored)).toEqual({ kind: 'ignore', why: 'unknown execution' });
  });
});

describe('a launch that nobody claimed', () => {
  const ranOut = t0 + policy.claimGraceMs;
  it('is left alone until the last millisecond of its grace time', () => {
    expect(decide(launched(), ranOut - 1)).toEqual({ kind: 'ignore', why: 'the claim may still come' });
  });
  it('is launched again under the next generation and a new lease; the old lease goes', () => {
    expect(decide(launched(), ranOut)).toMatchObject({
      kind: 'launch',
      execution: { launch: { generation: 2, attempt: 2, leaseId: 'new', epoch: 3 } },
      writes: { lease: { leaseId: 'new', generation: 2 }, deletedLeaseId: 'l1' },
    });
  });
  it('is launched again when its lease is gone', () => {
    const { execution, session } = launched();
    expect(decide({ execution, session })).toMatchObject({ kind: 'launch', execution: { launch: { generation: 2 } } });
  });
  it('is launched as often as the policy says', () => {
    expect(decide(launched({}, 2), ranOut)).toMatchObject({ kind: 'launch', execution: { launch: { generation: 3 } } });
  });
  it('is given up as lost when an earlier launch may have run the command', () => {
    expect(decide(launched({ starts: 2 }, 3), ranOut)).toMatchObject({
      kind: 'give-up',
      outcome: {
        kind: 'lost',
        evidence: '3 launches in a row were made and none claimed its lease, after it was started 2 times',
      },
    });
  });
  it('is given up after that, with the reason', () => {
    expect(decide(launched({}, 3), ranOut)).toMatchObject({
      kind: 'give-up',
      outcome: { kind: 'launch-failed', code: 'launch/never-claimed' },
    });
  });
  it('can be claimed no more once it is given up', () => {
    expect(decide(launched({}, 3), ranOut)).toMatchObject({ writes: { lease: withdrawLease(launched({}, 3).lease) } });
  });
  it('is given up again when its end may not have been told', () => {
    const { lease, ...rest } = launched({}, 3);
    expect(decide({ ...rest, lease: withdrawLease(lease) }, ranOut)).toMatchObject({ kind: 'give-up' });
  });
});

describe('an executor that went silent', () => {
  const ranOut = t0 + 1000;
  it('is left alone while its lease lasts, to the last millisecond', () => {
    expect(decide(claimed({ maxGenerations: 2 }), ranOut - 1)).toEqual({ kind: 'ignore', why: 'the lease is held' });
  });
  it('has its command started again where the request allows it', () => {
    expect(decide(claimed({ maxGenerations: 2 }), ranOut)).toMatchObject({
      kind: 'launch',
      execution: { state: 'launching', launch: { generation: 2 } },
    });
  });
  it.each<[number, number, 'launch' | 'ignore']>([
    [1, 2, 'launch'],
    [2, 2, 'ignore'],
    [2, 3, 'launch'],
  ])('after %i starts of %i that are allowed: %s', (starts, maxGenerations, kind) => {
    expect(decide(claimed({ starts, maxGenerations }), ranOut).kind).toBe(kind);
  });
  it('begins to count its launches anew', () => {
    const { execution, session, lease } = claimed({ maxGenerations: 2 });
    const third = { ...execution, launch: { ...execution.launch, generation: 3, attempt: 3 } };
    expect(decide({ execution: third, session, lease }, ranOut)).toMatchObject({
      execution: { launch: { generation: 4, attempt: 1 } },
    });
  });
  it('never has its command started again once it was cancelled', () => {
    expect(decide(claimed({ maxGenerations: 2 }, { cancelReason: 'enough' }), ranOut)).toEqual({
      kind: 'ignore',
      why: 'it was cancelled',
    });
  });
  it('never has its command started again where the request does not', () => {
    expect(decide(claimed(), ranOut)).toEqual({ kind: 'ignore', why: 'the request does not allow another start' });
  });
});
