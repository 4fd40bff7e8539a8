import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SessionRecord } from '../../execution/records.ts';
import {
  endGaps,
  firstHeld,
  goOnAfter,
  holdBack,
  isHeld,
  passOver,
  placeInSequence,
} from '../../execution/session-sequence.ts';
import { aSession, t0 } from '../support/records.ts';

const hold = (session: SessionRecord, sequence: number, releaseAt = t0 + 500) =>
  holdBack(session, { executionId: `e${sequence}`, sequence, releaseAt });
const at3 = aSession({ active: 'e2', nextSequence: 3 });

describe('a number', () => {
  it.each([
    [2, 'passed'],
    [3, 'next'],
    [4, 'early'],
    [5, 'taken'],
    [6, 'early'],
  ])('%i is %s in a session that goes on with 3 and holds 5', (sequence, place) => {
    expect(placeInSequence(hold(at3, 5), sequence)).toBe(place);
  });
  it('1 is the first of a session', () => {
    expect([1, 2].map((sequence) => placeInSequence(aSession(), sequence))).toEqual(['next', 'early']);
  });
});

describe('a session that goes on', () => {
  it('releases what waited for just that number, in order, and nothing beyond the next gap', () => {
    const session = goOnAfter(hold(hold(hold(at3, 7), 5), 4), 3);
    expect(session).toMatchObject({ nextSequence: 6, queued: ['e4', 'e5'], held: [{ sequence: 7 }] });
  });
  it('keeps nothing of what it held when all are released', () => {
    expect(goOnAfter(hold(at3, 4), 3)).toEqual({ ...at3, nextSequence: 5, queued: ['e4'] });
  });
  it('passes over what was cancelled, without a gap', () => {
    const session = passOver(hold(hold(at3, 4), 5), 'e4');
    expect([firstHeld(session), isHeld(session, 'e4'), isHeld(session, 'e6')]).toEqual(['e5', true, false]);
    expect(goOnAfter(session, 3)).toMatchObject({ nextSequence: 6, queued: ['e5'] });
  });
});

describe('a gap', () => {
  it('is waited for to the last millisecond', () => {
    const session = hold(at3, 5, t0 + 500);
    expect([endGaps(session, t0 + 499), session.gapEndsAt]).toEqual([session, t0 + 500]);
  });
  it('ends at the instant at which the first need wait no longer; lower numbers have passed then', () => {
    const session = endGaps(hold(at3, 5, t0 + 500), t0 + 500);
    expect([session.queued, placeInSequence(session, 4), placeInSequence(session, 6)]).toEqual([
      ['e5'],
      'passed',
      'next',
    ]);
  });
  it('that ends lets lower numbers go first, however late they came', () => {
    const session = hold(hold(at3, 6, t0 + 500), 4, t0 + 900);
    expect(endGaps(session, t0 + 500)).toMatchObject({ queued: ['e4', 'e6'], nextSequence: 7 });
  });
  it('is waited for by nobody once all who did are cancelled', () => {
    const session = passOver(hold(at3, 5), 'e5');
    expect([session.gapEndsAt, firstHeld(session)]).toEqual([undefined, null]);
  });
});

/** What a dispatcher does with a number that arrives. */
function arrive(session: SessionRecord, sequence: number, now: number): SessionRecord {
  const place = placeInSequence(session, sequence);
  if (place === 'early') return hold(session, sequence, now + 500);
  return place === 'next' ? goOnAfter({ ...session, queued: [...session.queued, `e${sequence}`] }, sequence) : session;
}

describe('whatever the order of arrival', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const shuffled = fc
    .integer({ min: 1, max: 30 })
    .chain((count) => fc.shuffledSubarray(numbers(count), { minLength: count, maxLength: count }));

  it('all go on in the order of their numbers, and none is left', () => {
    fc.assert(
      fc.property(shuffled, (arrivals) => {
        const end = arrivals.reduce((session, sequence) => arrive(session, sequence, t0), aSession({ active: 'x' }));
        expect(end.queued).toEqual(numbers(arrivals.length).map((n) => `e${n}`));
        expect(end.held).toBeUndefined();
      }),
    );
  });

  it('with numbers that never come, the order holds and nobody waits beyond its time', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(some, (arrivals) => {
        const times = arrivals.map((sequence, index) => ({ sequence, now: t0 + index * 100 }));
        const end = times.reduce(
          (session, { sequence, now }) => arrive(endGaps(session, now), sequence, now),
          aSession({ active: 'x' }),
        );
        const { queued, held } = endGaps(end, t0 + arrivals.length * 100 + 500);
        const order = queued.map((id) => Number(id.slice(1)));
        expect([order, held]).toEqual([order.toSorted((a, b) => a - b), undefined]);
      }),
    );
  });
});
