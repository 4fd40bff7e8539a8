import { describe, expect, it } from '@jest/globals';
import { decideControl } from '../../dispatcher/decide-control.ts';
import type { StoredRecords } from '../../execution/records.ts';
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

describe('a cancellation', () => {
  it('ends a queued execution and takes it out of the queue', () => {
    const session = aSession({ active: 'e0', queued: ['e9', 'e1'] });
    expect(cancel({ execution: queued(), session }, 'enough')).toMatchObject({
      kind: 'end',
      launch: null,
      outcome: { kind: 'cancelled', by: 'request', reason: 'enough' },
      writes: { session: { queued: ['e9'] } },
    });
  });
  it('ends an execution that waits for lower numbers, whose number stays used', () => {
    const held = [{ executionId: 'e1', sequence: 3, releaseAt: t0 + 500 }];
    const session = aSession({ active: null, held, gapEndsAt: t0 + 500 });
    const decision = cancel({ execution: queued(), session });
    expect(decision).toMatchObject({ kind: 'end', writes: { session: { held: [{ isCancelled: true }] } } });
    expect(decision.writes?.session).not.toHaveProperty('gapEndsAt');
  });
  it('waits for a launch that is under way', () => {
    expect(cancel({ execution: queued(), session: aSession() })).toMatchObject({ kind: 'try-again' });
  });
  it('ends a launch that nobody claimed, and nobody can claim it any more', () => {
    const { execution, session, lease } = launched();
    expect(cancel({ execution, session, lease })).toEqual({
      kind: 'end',
      execution,
      launch: execution.launch,
      outcome: { kind: 'cancelled', by: 'request', reason: 'cancelled' },
      writes: { lease: { ...lease, cancelReason: 'cancelled' } },
    });
  });
  it('ends an execution that waits for capacity, so that no turn launches it', () => {
    const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };
    expect(cancel({ execution: queued(), session: aSession({ waiting }) }, 'enough')).toMatchObject({
      kind: 'end',
      launch: null,
      writes: { session: { active: 'e1', waiting: { cancelReason: 'enough' } } },
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
  it.each<[string, StoredRecords]>([
    ['execution', { session: aSession() }],
    ['session', { execution: queued() }],
  ])('that overtook the %s it acts on is tried again', (_what, stored) => {
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
