import { describe, expect, it } from '@jest/globals';
import { type CapacityFacts, explainWaiting, type WaitingFacts } from '../../execution/explain-waiting.ts';
import type { SessionRecord, WaitingTurn } from '../../execution/records.ts';
import type { Outcome } from '../../schemas/generated/messages.ts';
import { aSession, claimed, finished, launched, queued, rejected, t0 } from '../support/records.ts';

const explain = (session: SessionRecord | null, facts: Partial<WaitingFacts> = {}) =>
  explainWaiting({ execution: queued(), session, capacity: null, refusals: 0, now: t0, ...facts });

describe('an execution that is not queued', () => {
  it.each([
    launched().execution,
    claimed().execution,
    rejected(),
    finished(),
  ])('waits for nothing: $state', (execution) => {
    expect(explain(aSession(), { execution })).toEqual([]);
  });
});

describe('an execution behind others of its session', () => {
  it.each([
    ['the one that has the turn', aSession({ active: 'a', queued: ['e1'] }), { active: 'a', behind: 'a', position: 1 }],
    [
      'one that waits too',
      aSession({ active: 'a', queued: ['b', 'c', 'e1', 'd'] }),
      { active: 'a', behind: 'c', position: 3 },
    ],
  ])('waits for %s', (_what, session, expected) => {
    expect(explain(session)).toEqual([{ kind: 'session', ...expected }]);
  });

  it('waits for what the one with the turn waits for', () => {
    const waiting = { ...aTurn, executionId: 'a' };
    const reasons = explain(aSession({ active: 'a', queued: ['e1'], waiting }), { capacity: full });
    expect(reasons).toMatchObject([
      { kind: 'session', behind: 'a' },
      { kind: 'tenant-limit', executionId: 'a' },
      { kind: 'turn', executionId: 'a' },
    ]);
  });
});

describe('an execution that owes an end', () => {
  it.each<[string, Outcome]>([
    ['cancelled', { kind: 'cancelled', by: 'request' }],
    ['given up', { kind: 'launch-failed', code: 'delivery/exhausted', message: 'gone' }],
  ])('waits for nothing, wherever it was: it is %s', (why, outcome) => {
    const execution = queued({ owedEnd: { outcome, owedAt: t0 } });
    const places = [aSession({ active: 'a' }), aSession({ active: 'e1' }), null];
    const told = places.map((session) => explain(session, { execution }));
    expect(told).toEqual(places.map(() => [{ kind: 'ending', executionId: 'e1', why }]));
  });
});

describe('an execution that came before lower numbers', () => {
  const held = (executionId: string, sequence: number, releaseAt: number, rest = {}) => ({
    ...{ executionId, sequence, releaseAt: t0 + releaseAt },
    ...rest,
  });
  const until = (ms: number) => new Date(t0 + ms);
  it.each([
    ['the one number below it', [held('e1', 3, 9)], { sequence: 3, awaited: 2, missing: 1, until: until(9) }],
    ['several', [held('e1', 9, 9)], { sequence: 9, awaited: 2, missing: 7, until: until(9) }],
    [
      'what is missing beside those that are held below it',
      [held('e0', 4, 5), held('e1', 6, 9)],
      { sequence: 6, awaited: 2, missing: 3, until: until(9) },
    ],
    [
      'no longer than one with a higher number, which takes it along',
      [held('e1', 3, 9), held('e2', 5, 4)],
      { sequence: 3, awaited: 2, missing: 1, until: until(4) },
    ],
    [
      'its own time where the higher one was cancelled',
      [held('e1', 3, 9), held('e2', 5, 4, { isCancelled: true })],
      { sequence: 3, awaited: 2, missing: 1, until: until(9) },
    ],
  ])('waits for %s', (_what, all, expected) => {
    const session = aSession({ active: null, nextSequence: 2, held: all });
    expect(explain(session)[0]).toEqual({ kind: 'sequence', ...expected });
  });

  it('waits for the first number where none came yet', () => {
    expect(explain(aSession({ active: null, held: [held('e1', 2, 9)] }))).toMatchObject([{ awaited: 1, missing: 1 }]);
  });

  it('waits for those of the session as well', () => {
    const session = aSession({
      active: 'a',
      queued: ['b'],
      nextSequence: 2,
      held: [held('c', 3, 8), held('e1', 5, 9)],
    });
    expect(explain(session)).toMatchObject([
      { kind: 'sequence', awaited: 2, missing: 2 },
      { kind: 'session', active: 'a', behind: 'c', position: 3 },
    ]);
  });

  it('is ending where it was cancelled', () => {
    const session = aSession({ active: 'a', held: [held('e1', 3, 9, { isCancelled: true })] });
    const execution = queued({ owedEnd: { outcome: { kind: 'cancelled', by: 'request' }, owedAt: t0 } });
    expect(explain(session, { execution })).toEqual([{ kind: 'ending', executionId: 'e1', why: 'cancelled' }]);
  });
});

const aTurn: WaitingTurn = {
  ...{ executionId: 'e1', tenantId: 'a', priority: 0 },
  ...{ sinceAt: t0, rankAt: t0, retryAt: t0 },
};
const deployment = {
  total: { maxRunning: 10, startsPerMinute: 20 },
  tenant: { weight: 1, maxRunning: 5, startsPerMinute: 6, maxQueued: 100 },
};
const idle = { running: 0, starts: 0 };
const free: CapacityFacts = {
  ...{ total: idle, tenant: idle, aheadOfTenant: 2, ofOtherTenants: 3 },
  ...{ document: {}, deployment },
};
const full: CapacityFacts = { ...free, tenant: { running: 5, starts: 0 } };
const turn = { kind: 'turn', executionId: 'e1', aheadOfTenant: 2, ofOtherTenants: 3, since: new Date(t0) };
const tenantLimit = { kind: 'tenant-limit', executionId: 'e1', tenantId: 'a', setBy: 'deployment' };
const deploymentLimit = { kind: 'deployment-limit', executionId: 'e1' };

describe('an execution whose turn in its session has come', () => {
  const waitsFor = (capacity: Partial<CapacityFacts>, facts: Partial<WaitingFacts> = {}, fields = {}) =>
    explain(aSession({ waiting: { ...aTurn, ...fields } }), { capacity: { ...free, ...capacity }, ...facts });

  it.each<[string, Partial<CapacityFacts>, readonly object[]]>([
    ['its turn, where there is room', {}, []],
    ['its turn, one below the limits', { tenant: { running: 4, starts: 5 }, total: { running: 9, starts: 19 } }, []],
    [
      'what runs of its tenant',
      { tenant: { running: 5, starts: 0 } },
      [{ ...tenantLimit, limit: 'maxRunning', value: 5, count: 5 }],
    ],
    [
      'what its tenant started',
      { tenant: { running: 0, starts: 7 } },
      [{ ...tenantLimit, limit: 'startsPerMinute', value: 6, count: 7 }],
    ],
    [
      'a limit that its tenant has of its own',
      { tenant: { running: 1, starts: 0 }, document: { maxRunning: 1 } },
      [{ ...tenantLimit, setBy: 'tenant', limit: 'maxRunning', value: 1, count: 1 }],
    ],
    [
      'a tenant that may start nothing',
      { document: { maxRunning: 0 } },
      [{ ...tenantLimit, setBy: 'tenant', limit: 'maxRunning', value: 0, count: 0 }],
    ],
    [
      'what all run and started',
      { total: { running: 10, starts: 20 } },
      [
        { ...deploymentLimit, limit: 'maxRunning', value: 10, count: 10 },
        { ...deploymentLimit, limit: 'startsPerMinute', value: 20, count: 20 },
      ],
    ],
    ['its turn, where the limits are not known', { deployment: null, total: { running: 999, starts: 999 } }, []],
  ])('waits for %s', (_what, capacity, expected) => {
    expect(waitsFor(capacity)).toEqual([...expected, turn]);
  });

  it('waits for capacity of Cloud Run where its launch was refused', () => {
    const quota = { kind: 'cloud-run-quota', executionId: 'e1', refusals: 2, retryAt: new Date(t0 + 5) };
    const fields = { retryAt: t0 + 5 };
    expect(waitsFor({}, { refusals: 2 }, fields)).toEqual([quota, turn]);
    expect(waitsFor({}, { refusals: 2, capacity: null }, fields)).toEqual([quota]);
  });

  it.each([
    ['cancelled', { cancelReason: 'enough' }],
    ['expired', { expiresAt: t0 }],
  ])('is ending where it is %s', (why, fields) => {
    expect(waitsFor({}, {}, fields)).toEqual([{ kind: 'ending', executionId: 'e1', why }]);
  });

  it('is not ending a millisecond before it expires', () => {
    expect(waitsFor({}, {}, { expiresAt: t0 + 1 })).toEqual([turn]);
  });

  it('is about to be launched where it waits for nothing', () => {
    expect(explain(aSession())).toEqual([{ kind: 'launch', since: new Date(t0) }]);
  });
});

describe('records that changed while they were read', () => {
  it.each([
    ['no session', null],
    ['a session that does not name it', aSession({ active: 'a' })],
    ['a session in which it is the first', aSession({ active: null, queued: ['e1'] })],
    ['a wait that nothing is known of', aSession({ waiting: aTurn })],
  ])('are told as such: %s', (_what, session) => {
    expect(explain(session)).toEqual([{ kind: 'moving' }]);
  });
});
