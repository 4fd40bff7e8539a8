import { describe, expect, it } from '@jest/globals';
import type { StoredRecords } from '../../execution/records.ts';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import { decideCompletion } from '../../result-collector/decide.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import {
  aCheckpoint,
  aCompletion,
  anExecution,
  aSession,
  claimed,
  finished,
  holding,
  launched,
  queued,
  rejected,
  t0,
} from '../support/records.ts';

const now = t0 + 5000;
const decide = (stored: StoredRecords, event: CompletionEvent = aCompletion()) =>
  decideCompletion({ event, stored, now }, { retentionMs: 1000 });

const left = (number: number): Partial<CompletionEvent> => ({
  newState: { cwd: '/workspace', env: { set: {}, removed: [] }, services: [], checkpoint: aCheckpoint(number) },
});
const early = { ...anExecution(), state: 'queued' } as const;
const cancelledEarly = endWithoutExecutor(
  early,
  null,
  { kind: 'cancelled', by: 'request' },
  '2026-01-01T00:00:05.000Z',
);

describe('the completion event of a running execution', () => {
  it('is its outcome, and the session rests', () => {
    expect(decide(claimed())).toMatchObject({
      kind: 'announce',
      execution: { state: 'finished', result: { exitCode: 0 }, finishedAt: now, next: null, expireAt: now + 1000 },
      writes: { session: { active: null, queued: [], head: null }, deletedLeaseId: 'l1' },
    });
  });
  it('is owed to subscribers from the transaction on that stores it, for as long as its record is kept', () => {
    expect(decide(claimed())).toMatchObject({
      writes: { outbox: { executionId: 'e1', sessionId: 's1', storedAt: now, expireAt: now + 1000 } },
    });
  });
  it('gives the turn to the next of the session and names it', () => {
    const stored = { ...claimed(), session: aSession({ epoch: 2, queued: ['e2', 'e3'] }) };
    expect(decide(stored)).toMatchObject({
      execution: { next: 'e2' },
      writes: { session: { active: 'e2', queued: ['e3'] } },
    });
  });
  it('lets its record expire, and its session if that rests, and nothing before', () => {
    expect(decide(claimed()).writes).toMatchObject({
      ...{ execution: { expireAt: now + 1000 }, session: { expireAt: now + 1000 } },
    });
    const { execution } = claimed();
    const live = [{ executionId: 'e3', sequence: 3, releaseAt: now }];
    const busy = [{ queued: ['e2'] }, { held: live }].map((fields) => aSession({ epoch: 2, expireAt: 1, ...fields }));
    const kept = busy.map((session) => decide({ execution, session }).writes?.session?.expireAt);
    expect(kept).toEqual([undefined, undefined]);
  });
  it('moves the head of the session to the checkpoint that it left, and keeps that as a record', () => {
    expect(decide(claimed(), aCompletion(left(4)))).toMatchObject({
      writes: {
        session: { head: { number: 4 }, lastCheckpoint: 4, updatedAt: now, expireAt: now + 1000 },
        checkpoint: { number: 4, sessionId: 's1', executionId: 'e1', createdAt: now },
      },
    });
  });
  it('leaves the head where it is when it left no checkpoint', () => {
    const session = aSession({ epoch: 2, head: aCheckpoint(3), lastCheckpoint: 7 });
    const { writes } = decide({ ...claimed(), session });
    expect(writes).toMatchObject({ session: { head: { number: 3 }, lastCheckpoint: 7 } });
    expect(writes).not.toHaveProperty('checkpoint');
  });
  it('counts before the claim too: the launch may have failed', () => {
    expect(decide(launched())).toMatchObject({ kind: 'announce', writes: { deletedLeaseId: 'l1' } });
  });
});

describe('the same completion event, delivered again', () => {
  it('is announced again, with the next of the session, and nothing is written', () => {
    const execution = finished(aCompletion(), 'e2');
    expect(decide({ execution, session: aSession() })).toEqual({ kind: 'announce', execution });
  });
});

describe('a completion event that comes too late', () => {
  it.each<[string, StoredRecords, Partial<CompletionEvent>]>([
    ['another generation', claimed(), { generation: 2 }],
    ['another lease', claimed(), { leaseId: 'l2' }],
    ['another epoch', claimed(), { epoch: 1 }],
    ['no launch, for a launched execution', claimed(), { generation: 0, leaseId: null, epoch: 0 }],
    ['a launch, for an execution that was never launched', { execution: queued(), session: aSession() }, {}],
  ])('of %s is kept as ignored', (_of, stored, fields) => {
    expect(decide(stored, aCompletion(fields))).toMatchObject({
      kind: 'ignore',
      why: 'of another launch',
      writes: { execution: { state: stored.execution?.state, ignoredEvents: [{ outcome: 'exited', ignoredAt: now }] } },
    });
  });
  it.each<[string, Partial<CompletionEvent>]>([
    ['another outcome', { outcome: { kind: 'lost', evidence: 'x' } }],
    ['another time', { finishedAt: '2026-01-01T00:00:06.000Z' }],
    ['another launch', { generation: 2 }],
  ])('for a finished execution with %s changes nothing but the list of ignored ones', (_with, fields) => {
    const execution = finished();
    expect(decide({ execution, session: aSession() }, aCompletion(fields))).toMatchObject({
      kind: 'ignore',
      writes: { execution: { ...execution, ignoredEvents: [{ why: 'it has ended' }] } },
    });
  });
  it('is remembered among the last ten', () => {
    const one = { why: 'x', outcome: 'lost', generation: 9, ignoredAt: 0 };
    const execution = { ...finished(), ignoredEvents: Array.from({ length: 10 }, () => one) };
    const { writes } = decide({ execution }, aCompletion({ generation: 2 })) as { writes: StoredRecords };
    expect(writes.execution?.ignoredEvents?.map(({ generation }) => generation)).toEqual([...Array(9).fill(9), 2]);
  });
});

describe('an end without a launch', () => {
  it('finishes a rejected request without touching any session', () => {
    const event = { ...cancelledEarly, outcome: { kind: 'rejected', code: 'c', message: 'm' } } as const;
    const decision = decide({ execution: rejected() }, event);
    expect(decision).toMatchObject({ kind: 'announce', execution: { state: 'finished', launch: null, next: null } });
    expect(Object.keys(decision.kind === 'announce' ? (decision.writes ?? {}) : {})).toEqual(['execution', 'outbox']);
  });
  it('of a waiting execution leaves the turn with whom it is', () => {
    const session = aSession({ active: 'e0', queued: ['e2'] });
    const decision = decide({ execution: queued(), session }, cancelledEarly);
    expect(decision).toMatchObject({ kind: 'announce', execution: { next: null } });
    expect(decision).not.toHaveProperty('writes.session');
  });
  it('of the last one of a session lets the session expire', () => {
    const session = aSession({
      active: null,
      held: [{ executionId: 'e1', sequence: 2, releaseAt: t0, isCancelled: true }],
    });
    const decision = decide({ execution: queued(), session }, cancelledEarly);
    expect(decision).toMatchObject({ writes: { session: { ...session, expireAt: now + 1000 } } });
  });
});

describe('a completion event of an execution that is not known', () => {
  it.each<[string, StoredRecords, Partial<CompletionEvent>]>([
    ['here', {}, {}],
    ['in this session', claimed(), { sessionId: 's2' }],
  ])('%s is not taken', (_where, stored, fields) => {
    expect(decide(stored, aCompletion(fields))).toEqual({ kind: 'unknown' });
  });
});

describe('an execution whose own result is held as a dead letter', () => {
  const lost = aCompletion({ outcome: { kind: 'lost', evidence: 'silence' }, status: 'lost', exitCode: null });
  it('is not ended by what is published in the place of its executor, to the last millisecond of the hold', () => {
    expect(decide(holding(now + 1), lost)).toMatchObject({
      kind: 'ignore',
      writes: { execution: { state: 'running', ignoredEvents: [{ outcome: 'lost', ignoredAt: now }] } },
    });
    expect(decide(holding(now), lost)).toMatchObject({ kind: 'announce' });
  });
  it('is ended by its own result, and holds nothing then', () => {
    const decision = decide(holding(now + 1), aCompletion({ stages: { queuedMs: 0 } }));
    expect(decision).toMatchObject({ kind: 'announce', execution: { result: { status: 'succeeded' } } });
    expect(decision).not.toHaveProperty('execution.heldResult');
  });
});
