import { describe, expect, it } from '@jest/globals';
import { baseOf, planLaunch, planWait, withdrawLease } from '../../execution/launch.ts';
import { anExecution, aSession, claimed, finished, launched, launchPolicy, queued, t0 } from '../support/records.ts';

describe('a launch', () => {
  const planned = planLaunch(
    anExecution(),
    aSession({ active: null, epoch: 4, queued: ['e1', 'e2'] }),
    { generation: 2, attempt: 1, leaseId: 'l9', now: t0 + 7 },
    launchPolicy,
  );

  it('has a lease that nobody holds, under the next epoch of the session', () => {
    expect(planned.lease).toMatchObject({ leaseId: 'l9', executionId: 'e1', generation: 2, epoch: 5, owner: null });
    expect(planned.lease).toMatchObject({ claimedAt: null, cloudRunExecution: null, cancelReason: null });
  });
  it('may read what the session was forked from, and nothing else of other sessions', () => {
    const launch = { generation: 1, attempt: 1, leaseId: 'l1', now: t0 };
    expect(planned.lease).not.toHaveProperty('ancestors');
    const forked = planLaunch(anExecution(), aSession({ ancestors: ['s0'] }), launch, launchPolicy);
    expect(forked).toMatchObject({ lease: { ancestors: ['s0'] }, session: { ancestors: ['s0'] } });
  });
  it('gives the claim its grace time', () => {
    expect(planned.lease.expiresAt).toBe(t0 + 7 + launchPolicy.claimGraceMs);
  });
  it('takes the turn in the session and leaves the queue', () => {
    expect(planned.session).toMatchObject({ active: 'e1', epoch: 5, queued: ['e2'] });
  });
  it('names the same generation, lease and epoch in the execution', () => {
    expect(planned.execution).toMatchObject({
      state: 'launching',
      launch: { generation: 2, attempt: 1, leaseId: 'l9', epoch: 5, launchedAt: t0 + 7 },
    });
  });
});

describe('a wait for capacity', () => {
  it.each([
    ['ends when the request expires', 0, t0 + 5],
    ['has no end where the command may have been started: that was in time', 1, undefined],
  ])('%s', (_what, starts, expiresAt) => {
    const { session } = planWait(queued({ starts, expiresAt: t0 + 5 }), aSession(), t0);
    expect(session.waiting?.expiresAt).toBe(expiresAt);
  });
});

describe('the base of an execution', () => {
  it('keeps what every state has and nothing of the state it was in', () => {
    const replayOf = { executionId: 'e0', deadLetterId: 'd1' };
    const fields = {
      labels: { a: 'b' },
      replayOf,
      startFrom: null,
      ignoredEvents: [],
      replays: [],
      maxGenerations: 3,
      starts: 2,
      ...{ sequence: 0, priority: 0, expiresAt: 0, turn: { sinceAt: t0, refusals: 1 } },
    };
    expect(baseOf({ ...claimed(fields).execution })).toEqual(anExecution(fields));
  });
  it('drops the result of a finished one', () => {
    expect(baseOf(finished())).toEqual(anExecution());
  });
});

describe('a lease that is withdrawn', () => {
  it('has an owner that no executor is, and everything that the sweeper finds it by', () => {
    const { lease } = launched();
    expect(withdrawLease(lease)).toEqual({ ...lease, owner: expect.stringMatching(/./) });
  });
});
