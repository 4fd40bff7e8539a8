import { describe, expect, it } from '@jest/globals';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { priorityStepMs } from '../../execution/choose-turns.ts';
import { withdrawLease } from '../../execution/launch.ts';
import type { StoredRecords } from '../../execution/records.ts';
import type { WakeUp } from '../../schemas/generated/messages.ts';
import {
  aSession,
  claimed,
  finished,
  holding,
  launched,
  launchPolicy,
  queued,
  rejected,
  t0,
} from '../support/records.ts';

const policy = { ...launchPolicy, maxLaunches: 3, clockToleranceMs: 0 };
const decide = (stored: StoredRecords, now = t0, reason: WakeUp['reason'] = 'next-in-session') =>
  decideWakeUp({ reason, mayStart: true, stored, newLeaseId: 'new', now }, policy);

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
  it('does nothing without its session', () => {
    expect(decide({ execution: queued() })).toEqual({ kind: 'ignore', why: 'unknown session' });
  });
  it('has the session go on where there is no such execution', () => {
    expect(decide({ session: aSession() })).toEqual({ kind: 'missing' });
  });
  it.each([
    'next-in-session',
    'turn',
  ] as const)('(%s) launches nothing that owes an end, and has it told again', (reason) => {
    const outcome = { kind: 'cancelled', by: 'request', reason: 'enough' } as const;
    const execution = queued({ owedEnd: { outcome, owedAt: t0 - 9 } });
    expect(decide({ execution, session: aSession() }, t0, reason)).toEqual({
      ...{ kind: 'give-up', execution, launch: null, outcome, endedAt: t0 - 9 },
    });
  });
});

describe('an execution whose turn in the session has come', () => {
  const stored = { execution: queued({ priority: 2 }), session: aSession({ active: 'e1', queued: ['e2'] }) };
  const withRoom = (mayStart: boolean | undefined, reason: WakeUp['reason'] = 'next-in-session') =>
    decideWakeUp({ reason, ...(mayStart !== undefined && { mayStart }), stored, newLeaseId: 'new', now: t0 }, policy);

  it('asks for room before it is launched', () => {
    expect(withRoom(undefined)).toEqual({ kind: 'ask-for-room', tenantId: 'default', priority: 2 });
  });
  it('waits for capacity where there is none, and stays the active one of its session', () => {
    expect(withRoom(false)).toMatchObject({
      kind: 'wait-for-turn',
      writes: {
        execution: { state: 'queued', turn: { sinceAt: t0, refusals: 0 } },
        session: { active: 'e1', queued: ['e2'], waiting: { executionId: 'e1', rankAt: t0 - 2 * priorityStepMs } },
      },
    });
  });
  it.each([true, false, undefined])('is launched when it was given a turn, whatever room there is: %s', (mayStart) => {
    expect(withRoom(mayStart, 'turn').kind).toBe('launch');
  });
});

describe('an execution that waits for capacity', () => {
  const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 + 100 };
  const session = aSession({ waiting, epoch: 4 });
  const execution = { ...queued(), postponed: { generation: 2, attempt: 2 } };

  it('is launched by its turn under the next generation, and waits no longer', () => {
    const decision = decide({ execution, session }, t0 + 100, 'turn');
    // A launch that found no capacity is none that nobody claimed: it does not count towards their bound.
    expect(decision).toMatchObject({ kind: 'launch', execution: { launch: { generation: 3, attempt: 2, epoch: 5 } } });
    expect(decision.writes?.session).not.toHaveProperty('waiting');
  });
  it('is not launched by a wake-up that gives it no turn', () => {
    expect(decide({ execution, session }, t0 + 100)).toEqual({ kind: 'ignore', why: 'it waits for capacity' });
  });
  it.each([
    { at: t0 + 99, kind: 'ignore' },
    { at: t0 + 100, kind: 'give-up' },
  ])('at $at gets $kind where its request expires at 100 ms', ({ at, kind }) => {
    expect(decide({ execution: { ...execution, expiresAt: t0 + 100 }, session }, at).kind).toBe(kind);
  });
  it('that has expired ends as rejected', () => {
    expect(decide({ execution: { ...execution, expiresAt: t0 }, session })).toMatchObject({
      outcome: { kind: 'rejected', code: 'request/expired' },
    });
  });
  it('is put where rounds look when it has expired before, so that its end is told until it is stored', () => {
    const stored = { execution: { ...queued(), expiresAt: t0 + 100 }, session: aSession({ active: 'e1' }) };
    expect(decide(stored, t0 + 99).kind).toBe('launch');
    expect(decide(stored, t0 + 100)).toMatchObject({
      kind: 'wait-for-turn',
      writes: { session: { active: 'e1', waiting: { executionId: 'e1', expiresAt: t0 + 100 } } },
    });
  });
  it('does not expire once it was started: it was in time', () => {
    expect(decide({ execution: { ...execution, starts: 1, expiresAt: t0 }, session }, t0 + 100, 'turn').kind).toBe(
      'launch',
    );
  });
});

describe('an execution that waits for lower numbers', () => {
  const held = [{ executionId: 'e1', sequence: 3, releaseAt: t0 + 500 }];
  const session = aSession({ active: null, held, gapEndsAt: t0 + 500 });
  it('is left alone to the last millisecond of its time', () => {
    expect(decide({ execution: queued(), session }, t0 + 499)).toEqual({
      kind: 'ignore',
      why: 'lower numbers may still come',
    });
  });
  it('is launched at the end of its time in a session at rest', () => {
    expect(decide({ execution: queued(), session }, t0 + 500)).toMatchObject({
      kind: 'launch',
      writes: { session: { active: 'e1', queued: [], nextSequence: 4 } },
    });
  });
  it('is not launched when it has expired by then', () => {
    expect(decide({ execution: { ...queued(), expiresAt: t0 + 500 }, session }, t0 + 500)).toMatchObject({
      kind: 'wait-for-turn',
      writes: { session: { active: 'e1', queued: [], nextSequence: 4, waiting: { executionId: 'e1' } } },
    });
  });
  it('joins the queue of a busy session at the end of its time', () => {
    expect(decide({ execution: queued(), session: { ...session, active: 'e0' } }, t0 + 500)).toMatchObject({
      kind: 'queue',
      writes: { session: { active: 'e0', queued: ['e1'], nextSequence: 4 } },
    });
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
  it.each([
    { at: 'a millisecond before its request expires', expiresAt: ranOut + 1, kind: 'launch' },
    { at: 'at the instant in which its request expires', expiresAt: ranOut, kind: 'give-up' },
  ])('gets $kind $at', ({ expiresAt, kind }) => {
    expect(decide(launched({ expiresAt }), ranOut).kind).toBe(kind);
  });
  it('is rejected once its request has expired, and no job can claim its lease any more', () => {
    const { execution, session, lease } = launched({ expiresAt: ranOut });
    expect(decide({ execution, session, lease }, ranOut)).toEqual({
      ...{ kind: 'give-up', execution, launch: execution.launch },
      outcome: {
        ...{ kind: 'rejected', code: 'request/expired' },
        message: 'expiresAt 2026-01-01T00:00:01.000Z has passed before a launch was claimed',
      },
      writes: { lease: withdrawLease(lease) },
    });
  });
  it('is launched again although its request has expired, when it was started in time before', () => {
    expect(decide(launched({ expiresAt: t0, starts: 1, maxGenerations: 2 }), ranOut).kind).toBe('launch');
  });
  it('is given up as never claimed, not as expired, when it would not be launched again anyway', () => {
    expect(decide(launched({ expiresAt: t0 }, 3), ranOut)).toMatchObject({ outcome: { kind: 'launch-failed' } });
  });
  it('is left alone after its request expired while its claim may still come', () => {
    expect(decide(launched({ expiresAt: t0 }), ranOut - 1).kind).toBe('ignore');
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
  it.each([
    [{}, { message: '3 launches in a row were made and none claimed its lease; of the last one: exit code 1' }],
    [{ starts: 2 }, { evidence: expect.stringMatching(/after it was started 2 times; of the last one: exit code 1$/) }],
  ])('is given up with what the launcher said of the job (%j)', (fields, outcome) => {
    const facts = {
      reason: 'claim-never-came' as const,
      stored: launched(fields, 3),
      newLeaseId: 'new',
      now: ranOut,
      evidence: 'exit code 1',
    };
    expect(decideWakeUp(facts, policy)).toMatchObject({ kind: 'give-up', outcome });
  });
  it('is given up after that, with the reason, and no job can claim its lease any more', () => {
    expect(decide(launched({}, 3), ranOut)).toMatchObject({
      kind: 'give-up',
      outcome: { kind: 'launch-failed', code: 'launch/never-claimed' },
      writes: { lease: withdrawLease(launched({}, 3).lease) },
    });
  });
  it('is given up again when its end may not have been told', () => {
    const { lease, ...rest } = launched({}, 3);
    expect(decide({ ...rest, lease: withdrawLease(lease) }, ranOut)).toMatchObject({ kind: 'give-up' });
  });
});

describe('a launch that was cancelled before its claim', () => {
  it('ends as cancelled instead of being launched again', () => {
    const { execution, session, lease } = launched();
    const stored = { execution, session, lease: { ...lease, cancelReason: 'enough' } };
    expect(decide(stored)).toMatchObject({
      kind: 'give-up',
      launch: { leaseId: 'l1' },
      outcome: { kind: 'cancelled' },
    });
  });
});

describe('an executor that went silent', () => {
  const ranOut = t0 + 1000;
  it('is not replaced while its result is held as a dead letter, to the last millisecond', () => {
    const held = holding(ranOut + 50, { maxGenerations: 2 });
    expect(decide(held, ranOut + 49)).toEqual({ kind: 'ignore', why: 'its result is held as a dead letter' });
    expect(decide(held, ranOut + 50)).toMatchObject({ kind: 'launch', execution: { launch: { generation: 2 } } });
  });
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
