import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths, compareStrings, compareValues } from '../../../local/firestore/compare-values.ts';
import type { Value } from '../../../local/firestore/value.ts';

const vector = (...numbers: readonly number[]): Value => ({
  mapValue: {
    fields: {
      __type__: { stringValue: '__vector__' },
      value: { arrayValue: { values: numbers.map((doubleValue) => ({ doubleValue })) } },
    },
  },
});

/** Each group holds values that are equal to each other; groups stand in rising order. */
const ascending: readonly (readonly Value[])[] = [
  [{ nullValue: 'NULL_VALUE' }],
  [{ booleanValue: false }],
  [{ booleanValue: true }],
  [{ doubleValue: Number.NaN }],
  [{ doubleValue: Number.NEGATIVE_INFINITY }],
  [{ integerValue: '-9223372036854775808' }, { doubleValue: -(2 ** 63) }],
  [{ integerValue: '0' }, { doubleValue: 0 }, { doubleValue: -0 }],
  [{ doubleValue: Number.MIN_VALUE }],
  [{ integerValue: '3' }, { doubleValue: 3 }],
  [{ integerValue: '9007199254740992' }, { doubleValue: 2 ** 53 }],
  [{ integerValue: '9007199254740993' }],
  [{ integerValue: '9223372036854775807' }],
  [{ doubleValue: 2 ** 63 }],
  [{ doubleValue: Number.POSITIVE_INFINITY }],
  [{ timestampValue: { seconds: '-1', nanos: 999_999_000 } }],
  [{ timestampValue: { seconds: '0', nanos: 0 } }],
  [{ timestampValue: { seconds: '10', nanos: 0 } }],
  [{ stringValue: '' }],
  [{ stringValue: 'a' }],
  [{ stringValue: 'ab' }],
  [{ stringValue: 'é' }],
  [{ stringValue: '\u{ffff}' }],
  [{ stringValue: '\u{10000}' }],
  [{ bytesValue: Buffer.from([]) }],
  [{ bytesValue: Buffer.from([1, 2]) }],
  [{ bytesValue: Buffer.from([2]) }],
  [{ referenceValue: 'c/__id-5__' }],
  [{ referenceValue: 'c/__id10__' }],
  [{ referenceValue: 'c/a' }],
  [{ referenceValue: 'c/a/d/b' }],
  [{ referenceValue: 'c/b' }],
  [{ referenceValue: 'c0/a' }],
  [{ geoPointValue: { latitude: -1, longitude: 9 } }],
  [{ geoPointValue: { latitude: 0, longitude: -1 } }],
  [{ geoPointValue: { latitude: 0, longitude: 0 } }],
  [{ arrayValue: { values: [] } }],
  [{ arrayValue: { values: [{ integerValue: '1' }] } }, { arrayValue: { values: [{ doubleValue: 1 }] } }],
  [{ arrayValue: { values: [{ integerValue: '1' }, { nullValue: 'NULL_VALUE' }] } }],
  [vector(9)],
  [vector(1, 2)],
  [vector(1, 3)],
  [{ mapValue: { fields: {} } }],
  [{ mapValue: { fields: { a: { integerValue: '1' } } } }],
  [{ mapValue: { fields: { b: { integerValue: '1' }, a: { integerValue: '1' } } } }],
  [{ mapValue: { fields: { a: { integerValue: '2' } } } }],
];

const pairs = ascending.flatMap((left, i) =>
  ascending.flatMap((right, j) => left.flatMap((a) => right.map((b) => ({ a, b, expected: Math.sign(i - j) })))),
);

describe('the order of values', () => {
  it('puts every pair of the table in its place', () => {
    const wrong = pairs.filter(({ a, b, expected }) => Math.sign(compareValues(a, b)) !== expected);
    expect(wrong).toEqual([]);
  });

  it('of text is the order of its UTF-8 bytes', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('of names goes id by id, so that a parent stands before what is below it and "a" before "a0"', () => {
    const shuffled = ['c/b', 'c/a0/x/y', 'c/a', 'c/a/x/y', 'b/z', 'c/a0'];
    expect(shuffled.toSorted(comparePaths)).toEqual(['b/z', 'c/a', 'c/a/x/y', 'c/a0', 'c/a0/x/y', 'c/b']);
  });
});
