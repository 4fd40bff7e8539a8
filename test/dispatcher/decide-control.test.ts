import { describe, expect, it } from '@jest/globals';
import { decideControl } from '../../dispatcher/decide-control.ts';
import type { SessionRecord, StoredRecords } from '../../execution/records.ts';
import { aSession, claimed, finished, holding, launched, queued, rejected, t0 } from '../support/records.ts';

const cancel = (stored: StoredRecords, reason?: string) =>
  decideControl({
    sessionId: 's1',
    action: { kind: 'cancel', executionId: 'e1', ...(reason && { reason }) },
    stored,
    now: t0,
  });
const close = (stored: StoredRecords) =>
  decideControl({ sessionId: 's1', action: { kind: 'close-session' }, stored, now: t0 });

const enough = { kind: 'cancelled', by: 'request', reason: 'enough' } as const;
const held = [{ executionId: 'e1', sequence: 3, releaseAt: t0 + 500 }];
const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };

describe('a cancellation', () => {
  it.each<[string, SessionRecord, Partial<SessionRecord>]>([
    ['waits behind another', aSession({ active: 'e0', queued: ['e9', 'e1'] }), { active: 'e0', queued: ['e9'] }],
    [
      'waits for lower numbers, and its number stays used',
      aSession({ active: null, held, gapEndsAt: t0 + 500 }),
      { active: null, held: [{ ...held[0]!, isCancelled: true }] },
    ],
    [
      'waits for capacity, so that no turn launches it',
      aSession({ waiting }),
      { active: 'e1', waiting: { ...waiting, cancelReason: 'enough' } },
    ],
    ['has its turn, and its wake-up is on the way', aSession(), { active: 'e1' }],
  ])('stores the end of an execution that %s', (_place, session, left) => {
    const execution = { ...queued(), owedEnd: { outcome: enough, owedAt: t0 } };
    const decision = cancel({ execution: queued(), session }, 'enough');
    expect(decision).toMatchObject({
      ...{ kind: 'end', execution, launch: null, outcome: enough, endedAt: t0 },
      writes: { execution, session: left },
    });
    expect(decision.writes?.session).not.toHaveProperty('gapEndsAt');
  });
  it('of an execution that owes an end has that one told again, whatever it is, and writes nothing', () => {
    const outcome = { kind: 'launch-failed', code: 'delivery/exhausted', message: 'given up' } as const;
    const execution = queued({ owedEnd: { outcome, owedAt: t0 - 9 } });
    expect(cancel({ execution, session: aSession() }, 'enough')).toEqual({
      ...{ kind: 'end', execution, launch: null, outcome, endedAt: t0 - 9 },
    });
  });
  it('ends an execution whose session has no record, as nobody else will', () => {
    const { writes } = cancel({ execution: queued() }, 'enough');
    expect(writes).toEqual({ execution: queued({ owedEnd: { outcome: enough, owedAt: t0 } }) });
  });
  it('ends a launch that nobody claimed, and nobody can claim it any more', () => {
    const { execution, session, lease } = launched();
    expect(cancel({ execution, session, lease })).toEqual({
      kind: 'end',
      execution,
      launch: execution.launch,
      outcome: { kind: 'cancelled', by: 'request', reason: 'cancelled' },
      endedAt: t0,
      writes: { lease: { ...lease, cancelReason: 'cancelled' } },
    });
  });
  it('is left with the lease of a running execution', () => {
    expect(cancel(claimed(), 'enough')).toMatchObject({
      kind: 'stored',
      writes: { lease: { leaseId: 'l1', cancelReason: 'enough' } },
    });
  });
  it('of a running execution without a lease comes too late', () => {
    const { execution, session } = claimed();
    expect(cancel({ execution, session })).toEqual({ kind: 'ignore', why: 'the lease has ended' });
  });
  it.each([
    ['rejected', rejected()],
    ['finished', finished()],
  ])('does nothing to an execution that is %s', (state, execution) => {
    expect(cancel({ execution, session: aSession() })).toEqual({ kind: 'ignore', why: `the execution is ${state}` });
  });
  it('does nothing to a rejected execution whose session never was', () => {
    expect(cancel({ execution: rejected() })).toEqual({ kind: 'ignore', why: 'the execution is rejected' });
  });
  it.each<StoredRecords>([{ session: aSession() }, {}])('that overtook its request is tried again', (stored) => {
    expect(cancel(stored)).toEqual({ kind: 'try-again', why: 'not accepted yet' });
  });
});

describe('a cancellation of an execution whose result is held as a dead letter', () => {
  it('gives the hold up, so that the sweeper ends it', () => {
    const { execution, session, lease } = holding(Number.MAX_SAFE_INTEGER);
    expect(cancel({ execution, session, lease }, 'enough')).toEqual({
      kind: 'stored',
      writes: {
        lease: { ...lease, cancelReason: 'enough' },
        execution: { ...execution, heldResult: { ...execution.heldResult, endsAt: t0 } },
      },
    });
  });
  it('changes nothing of a hold that has ended', () => {
    expect(cancel(holding(0), 'enough')).toEqual({
      kind: 'stored',
      writes: { lease: expect.objectContaining({ cancelReason: 'enough' }) },
    });
  });
});

describe('a cancellation that names another session', () => {
  it.each<[string, StoredRecords]>([
    ['queued', { execution: queued({ sessionId: 's2' }), session: aSession() }],
    ['running', { ...claimed({ sessionId: 's2' }), session: aSession() }],
  ])('is refused and leaves a %s execution alone', (_state, stored) => {
    expect(cancel(stored)).toEqual({ kind: 'refuse', why: 'e1 is not of the session s1' });
  });
});

describe('closing a session', () => {
  it('keeps what was accepted', () => {
    const session = aSession({ queued: ['e2'] });
    expect(close({ session })).toMatchObject({
      kind: 'stored',
      writes: { session: { state: 'closed', active: 'e1', queued: ['e2'] } },
    });
  });
  it('twice is once', () => {
    expect(close({ session: aSession({ state: 'closed' }) })).toMatchObject({ kind: 'ignore' });
  });
  it('that overtook the first request is tried again', () => {
    expect(close({})).toMatchObject({ kind: 'try-again' });
  });
});
