import { describe, expect, it } from '@jest/globals';
import { describeOverdue, type OverdueRecords } from '../../execution/overdue.ts';
import { aSession, claimed, launched, queued, rejected, t0 } from '../support/records.ts';

const nothing: OverdueRecords = { leases: [], owedEnds: [], outbox: [], gaps: [], waiting: [] };
const outcome = { kind: 'cancelled', by: 'request' } as const;
const ids = { executionId: 'e1', sessionId: 's1' };
const held = { executionId: 'e1', sequence: 3, releaseAt: t0 + 5 };
const waiting = { executionId: 'e1', tenantId: 't', priority: 0, sinceAt: t0 + 6, rankAt: t0, retryAt: t0 };

describe('what is overdue', () => {
  it.each<[string, Partial<OverdueRecords>, number]>([
    ['never-claimed', { leases: [launched().lease] }, t0 + 1000],
    ['silent', { leases: [claimed({}, { expiresAt: t0 + 9 }).lease] }, t0 + 9],
    ['result-held', { leases: [claimed({}, { expiresAt: t0 + 9, isHeld: true }).lease] }, t0 + 9],
    ['end-owed', { owedEnds: [queued({ owedEnd: { outcome, owedAt: t0 + 3 } })] }, t0 + 3],
    ['end-owed', { owedEnds: [rejected()] }, t0],
    ['untold', { outbox: [{ ...ids, storedAt: t0 + 4, expireAt: t0 + 99 }] }, t0 + 4],
    ['gap-over', { gaps: [aSession({ active: null, held: [held], gapEndsAt: t0 + 5 })] }, t0 + 5],
    ['waits-for-capacity', { waiting: [aSession({ waiting })] }, t0 + 6],
  ])('is %s for %j', (kind, records, sinceAt) => {
    expect(describeOverdue({ ...nothing, ...records })).toEqual([{ ...ids, kind, sinceAt }]);
  });
  it('is told with the longest overdue first', () => {
    const records = {
      ...nothing,
      leases: [launched().lease],
      owedEnds: [queued({ executionId: 'b', owedEnd: { outcome, owedAt: t0 } }), { ...rejected(), executionId: 'a' }],
    };
    expect(describeOverdue(records).map(({ executionId }) => executionId)).toEqual(['a', 'b', 'e1']);
  });
  it('is nothing of a session whose executions were cancelled or have begun meanwhile', () => {
    const gaps = [aSession({ held: [{ ...held, isCancelled: true }], gapEndsAt: t0 })];
    expect(describeOverdue({ ...nothing, gaps, waiting: [aSession()] })).toEqual([]);
  });
});
