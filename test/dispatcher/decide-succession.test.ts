import { describe, expect, it } from '@jest/globals';
import { decideSuccession } from '../../dispatcher/decide-succession.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aSession, finished, launched, queued, rejected, t0 } from '../support/records.ts';

const session = aSession({ active: 'gone', queued: ['e1', 'e2'] });
const waiting = { executionId: 'gone', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };
const decide = (stored: StoredRecords, next: string | null = 'e1') =>
  decideSuccession({ missing: 'gone', next, stored, now: t0 + 9 });

describe('a session that waits for an execution without a record', () => {
  it('is looked at together with the first that waits behind', () => {
    expect(decide({ session }, null)).toEqual({ kind: 'look-at', next: 'e1' });
  });
  it('is looked at again when another one is the first by then', () => {
    expect(decide({ session: { ...session, queued: ['e2'] }, execution: queued() })).toEqual({
      kind: 'look-at',
      next: 'e2',
    });
  });
  it('gives that one the turn where rounds look after it, in one step', () => {
    const execution = queued();
    expect(decide({ session: { ...session, waiting }, execution })).toMatchObject({
      kind: 'wait-for-turn',
      writes: {
        execution: { ...execution, turn: { sinceAt: t0 + 9 } },
        session: { active: 'e1', queued: ['e2'], waiting: { executionId: 'e1' } },
      },
    });
  });
  it.each<[string, StoredRecords]>([
    ['has no record either', {}],
    ['has ended', { execution: finished() }],
    ['was rejected', { execution: rejected() }],
    ['is launched, which it cannot be', { execution: launched().execution }],
    ['owes an end', { execution: queued({ owedEnd: { outcome: { kind: 'cancelled', by: 'request' }, owedAt: t0 } }) }],
  ])('passes over the first when that %s', (_what, stored) => {
    expect(decide({ session, ...stored })).toMatchObject({
      kind: 'skip',
      writes: { session: { active: 'gone', queued: ['e2'] } },
    });
  });
  it('rests when nobody waits behind', () => {
    const decision = decide({ session: { ...session, queued: [], waiting } }, null);
    expect(decision).toMatchObject({ kind: 'rest', writes: { session: { active: null, queued: [] } } });
    expect(decision.writes?.session).not.toHaveProperty('waiting');
  });
  it.each<StoredRecords>([
    {},
    { session: aSession({ active: 'e1' }) },
    { session: aSession({ active: null }) },
  ])('is left alone when it waits for another, or for nobody', (stored) => {
    expect(decide(stored)).toEqual({ kind: 'ignore', why: 'the session does not wait for it' });
  });
});
