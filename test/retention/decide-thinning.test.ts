import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CheckpointRecord } from '../../execution/checkpoint-records.ts';
import { decideThinning } from '../../retention/decide-thinning.ts';
import { aCheckpoint, t0 } from '../support/records.ts';

const hour = 3_600_000;
const day = 24 * hour;
const policy = { allMs: day, hourlyMs: 7 * day, dailyMs: 30 * day };
const now = t0 + 400 * day;

/** A checkpoint of so many hours ago. */
const ago = (number: number, hours: number, fields: Partial<CheckpointRecord> = {}): CheckpointRecord => ({
  ...{ ...aCheckpoint(number), sessionId: 's1', executionId: `e${number}`, createdAt: now - hours * hour },
  ...fields,
});
const thin = (checkpoints: readonly CheckpointRecord[], head: number | null = null, named: readonly number[] = []) =>
  decideThinning({ checkpoints, head, named: new Set(named), now }, policy);

describe('the history of a session', () => {
  it('keeps everything of the last day, to its first millisecond', () => {
    const pair = [1, 2].map((number) => ago(number, 0, { createdAt: now - day - 10 + number }));
    expect(thin([...pair, ago(3, 0)])).toEqual([1]);
    expect(thin([...pair.map((one) => ({ ...one, createdAt: one.createdAt + 20 })), ago(3, 0)])).toEqual([]);
  });
  it('keeps one for each hour of a week, then for each day of a month, then for each month', () => {
    const every = Array.from({ length: 24 * 4 * 200 }, (_, index) => ago(index + 1, 24 * 200 - index / 4));
    const gone = new Set(thin(every));
    const left = every.filter(({ number }) => !gone.has(number));
    const between = (from: number, to: number) =>
      left.filter(({ createdAt }) => now - createdAt >= from * day && now - createdAt < to * day).length;
    expect([between(0, 1), between(1, 7), between(7, 30), between(30, 180)]).toEqual([95, 145, 24, 6]);
  });
  const crowd = [1, 2, 3, 4, 5].map((number) => ago(number, 0, { createdAt: now - 10 * day }));
  it.each([
    ['the newest', crowd, null, [], [1, 2, 3, 4]],
    ['the head', crowd, 2, [], [1, 3, 4]],
    ['one that a session was forked from, or that an execution is to start from', crowd, 5, [3], [1, 2, 4]],
    ['one that was gone back to by one that stays', [...crowd, ago(6, 1, { parent: 2 })], 6, [], [1, 3, 4]],
    [
      'the one that a fork begins with',
      [ago(1, 0, { createdAt: now - 10 * day, origin: { kind: 'fork', sessionId: 's0' } }), ...crowd.slice(1)],
      5,
      [],
      [2, 3, 4],
    ],
  ])('keeps %s', (_what, checkpoints, head, named, gone) => {
    expect(thin(checkpoints, head, named).toSorted((a, b) => a - b)).toEqual(gone);
  });
});

/** Minutes from one checkpoint to the next, and which ones go on from an earlier one. */
const history = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 * 24 }), fc.option(fc.nat(), { freq: 5 })), { maxLength: 60 })
  .map((steps) => {
    const total = steps.reduce((sum, [minutes]) => sum + minutes, 0);
    let passed = 0;
    return steps.map(([minutes, back], index) => {
      passed += minutes;
      const parent = back === null || index === 0 ? index || null : (back % index) + 1;
      return ago(index + 1, (total - passed) / 60, { parent });
    });
  });

describe('whatever the history', () => {
  it('thinning takes nothing that is needed or of the last day, a second time nothing at all, and nothing that a later one would keep', () => {
    fc.assert(
      fc.property(
        history,
        fc.nat(),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.integer({ min: 0, max: 90 }),
        (...drawn) => {
          const [all, pick, picks, days] = drawn;
          const numbers = all.map(({ number }) => number);
          const at = (index: number) => numbers[index % Math.max(1, numbers.length)] ?? 0;
          const [head, named] = [at(pick), new Set(picks.map(at))];
          const facts = { checkpoints: all, head, named, now };
          const gone = new Set(decideThinning(facts, policy));
          const left = all.filter(({ number }) => !gone.has(number));
          const branches = left.flatMap(({ number, parent }) => (parent !== number - 1 ? [parent ?? 0] : []));
          const young = all.filter(({ createdAt }) => now - createdAt < day).map(({ number }) => number);
          const needed = [head, ...named, ...branches, ...numbers.slice(-1), ...young];
          expect(needed.filter((number) => gone.has(number))).toEqual([]);
          expect(decideThinning({ ...facts, checkpoints: left }, policy)).toEqual([]);
          const later = new Set(decideThinning({ ...facts, now: now + days * day }, policy));
          expect([...gone].filter((number) => !later.has(number))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
