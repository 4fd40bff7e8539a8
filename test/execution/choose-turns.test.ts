import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseTurns, priorityStepMs, rankOf, type TenantShare, type Waiter } from '../../execution/choose-turns.ts';
import { t0 } from '../support/records.ts';

const plenty = { maxRunning: 1000, startsPerMinute: 1000 };
const idle = { running: 0, starts: 0 };
const aShare = (fields: Partial<TenantShare> = {}): TenantShare => ({ ...plenty, ...idle, weight: 1, ...fields });
const waiter = (tenantId: string, n = 0, priority = 0): Waiter => ({
  tenantId,
  executionId: `${tenantId}${n}`,
  sessionId: `s-${tenantId}${n}`,
  rankAt: rankOf(t0 + n, priority),
});

interface Case {
  readonly waiters: readonly Waiter[];
  readonly shares?: Readonly<Record<string, Partial<TenantShare>>>;
  readonly total?: Partial<TenantShare>;
  readonly maxTurns?: number;
}
const choose = ({ waiters, shares = {}, total = {}, maxTurns = Number.POSITIVE_INFINITY }: Case) =>
  chooseTurns({
    waiters,
    total: { ...plenty, ...idle, ...total },
    shareOf: (tenantId) => aShare(shares[tenantId]),
    maxTurns,
  }).map(({ executionId }) => executionId);

describe('the next turn', () => {
  it('goes to the tenant that has the least', () => {
    expect(choose({ waiters: [waiter('a'), waiter('b', 1)], shares: { a: { running: 1 } } })).toEqual(['b1', 'a0']);
  });
  it('counts what a tenant has by its weight', () => {
    const shares = { a: { running: 3, weight: 4 }, b: { running: 1 } };
    expect(choose({ waiters: [waiter('b'), waiter('a', 1)], shares })).toEqual(['a1', 'b0']);
  });
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('counts it so whoever came first: %s, then %s', (first, second) => {
    const shares = { a: { running: 3, weight: 4 }, b: { running: 1 } };
    expect(choose({ waiters: [waiter(first), waiter(second, 1)], shares })[0]).toMatch(/^a/);
  });
  it('goes by what runs where few may, however many may start', () => {
    const shares = { a: { running: 0, starts: 9 }, b: { running: 5, starts: 0 } };
    const total = { running: 5, maxRunning: 10, starts: 9, startsPerMinute: 1000 };
    expect(choose({ waiters: [waiter('b'), waiter('a', 1)], shares, total })).toEqual(['a1', 'b0']);
  });
  it('does not depend on the order in which those of one rank are found', () => {
    const same = [0, 1, 2].map((n) => ({ ...waiter('a', n), rankAt: t0 }));
    expect([choose({ waiters: same }), choose({ waiters: same.toReversed() })]).toEqual([
      ['a0', 'a1', 'a2'],
      ['a0', 'a1', 'a2'],
    ]);
  });
  it('goes by starts where those are scarcer than what may run', () => {
    const waiters = [waiter('a'), waiter('b', 1)];
    const shares = { a: { running: 0, starts: 9 }, b: { running: 5, starts: 5 } };
    expect(choose({ waiters, shares, total: { running: 5, starts: 14 } })).toEqual(['b1', 'a0']);
  });
  it('takes tenants in turn that have the same', () => {
    const waiters = [0, 1, 2].map((n) => waiter('a', n)).concat([waiter('b', 7), waiter('b', 8)]);
    expect(choose({ waiters })).toEqual(['a0', 'b7', 'a1', 'b8', 'a2']);
  });
  it('is the highest priority of the tenant, then the oldest', () => {
    expect(choose({ waiters: [waiter('a', 1), waiter('a', 0), waiter('a', 2, 1)] })).toEqual(['a2', 'a0', 'a1']);
  });
  it.each([
    [priorityStepMs - 1, ['a1', 'a0']],
    [priorityStepMs + 1, ['a0', 'a1']],
  ])('overtakes by one step of priority whoever has waited %i ms longer: %j', (longer, order) => {
    const early = { ...waiter('a', 0), rankAt: rankOf(t0, 0) };
    const late = { ...waiter('a', 1), rankAt: rankOf(t0 + longer, 1) };
    expect(choose({ waiters: [early, late] })).toEqual(order);
  });
});

describe('no turn is given', () => {
  it.each<[string, Omit<Case, 'waiters'>, number]>([
    ['beyond what may run', { total: { running: 998 } }, 2],
    ['when all run that may', { total: { running: 1000 } }, 0],
    ['beyond what may start', { total: { starts: 999 } }, 1],
    ['beyond what may run of the tenant', { shares: { a: { running: 2, maxRunning: 3 } } }, 1],
    ['beyond what may start of the tenant', { shares: { a: { starts: 3, startsPerMinute: 3 } } }, 0],
    ['beyond what a round may give', { maxTurns: 2 }, 2],
  ])('%s', (_what, facts, count) => {
    expect(choose({ ...facts, waiters: [0, 1, 2, 3].map((n) => waiter('a', n)) })).toHaveLength(count);
  });
  it('to a tenant at its limit, but to those that come behind it', () => {
    const waiters = [waiter('a'), waiter('b', 1)];
    expect(choose({ waiters, shares: { a: { maxRunning: 0 } } })).toEqual(['b1']);
  });
});

describe('whatever waits', () => {
  const limits = fc.record({
    maxRunning: fc.integer({ min: 0, max: 8 }),
    startsPerMinute: fc.integer({ min: 0, max: 8 }),
    running: fc.integer({ min: 0, max: 8 }),
    starts: fc.integer({ min: 0, max: 8 }),
    weight: fc.constantFrom(0.5, 1, 2, 5),
  });
  const cases = fc.record({
    shares: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), limits),
    total: fc.record({
      maxRunning: fc.integer({ min: 1, max: 12 }),
      startsPerMinute: fc.integer({ min: 1, max: 12 }),
      running: fc.integer({ min: 0, max: 12 }),
      starts: fc.integer({ min: 0, max: 12 }),
    }),
    waiters: fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 9 })), { maxLength: 20 })
      .map((list) => list.map(([tenantId, priority], n) => waiter(tenantId, n, priority))),
  });
  const loadAfter = (given: Case, chosen: readonly string[]) => (tenantId: string) => {
    const share = aShare(given.shares?.[tenantId]);
    const more = chosen.filter((id) => id.startsWith(tenantId)).length;
    return { ...share, running: share.running + more, starts: share.starts + more, more };
  };

  it('no limit is passed', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const chosen = choose(given);
        const over = ['a', 'b', 'c', 'd']
          .map(loadAfter(given, chosen))
          .filter(
            ({ more, running, starts, ...share }) =>
              more > 0 && (running > share.maxRunning || starts > share.startsPerMinute),
          );
        expect(over).toEqual([]);
        const room = Math.min(
          given.total.maxRunning - given.total.running,
          given.total.startsPerMinute - given.total.starts,
        );
        expect(chosen.length).toBeLessThanOrEqual(Math.max(0, room));
      }),
    );
  });

  it('no room is left while anybody could have it', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const chosen = choose(given);
        const room = Math.min(
          given.total.maxRunning - given.total.running,
          given.total.startsPerMinute - given.total.starts,
        );
        const could = given.waiters.filter(({ executionId, tenantId }) => {
          const { running, maxRunning, starts, startsPerMinute } = loadAfter(given, chosen)(tenantId);
          return !chosen.includes(executionId) && running < maxRunning && starts < startsPerMinute;
        });
        expect(chosen.length < room ? could : []).toEqual([]);
      }),
    );
  });

  it('nobody goes twice', () => {
    fc.assert(fc.property(cases, (given) => expect(new Set(choose(given)).size).toBe(choose(given).length)));
  });
});
