import { describe, expect, it } from '@jest/globals';
import { fieldAt, maskFields, parseFieldPath, withFieldAt } from '../../../local/firestore/field-path.ts';
import type { Fields } from '../../../local/firestore/value.ts';

const fields: Fields = {
  a: { mapValue: { fields: { b: { integerValue: '1' }, c: { integerValue: '2' } } } },
  'x.y': { stringValue: 'dot' },
};

describe('a field path', () => {
  it.each([
    ['a', ['a']],
    ['a.b_1.C', ['a', 'b_1', 'C']],
    ['`a.b`.c', ['a.b', 'c']],
    ['`a\\`b`', ['a`b']],
    ['a.`\\\\`', ['a', '\\']],
    ['`é x`', ['é x']],
  ])('%s has the segments %j', (text, segments) => {
    expect(parseFieldPath(text)).toEqual(segments);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '1a', 'a b', 'a-b', '`a', '``', '`a`b', 'a.`b`c'])('cannot be "%s"', (text) => {
    expect(() => parseFieldPath(text)).toThrow(/Invalid property path/);
  });

  it('finds values in maps, and nothing in what is no map', () => {
    expect(fieldAt(fields, ['a', 'b'])).toEqual({ integerValue: '1' });
    expect(fieldAt(fields, ['x.y'])).toEqual({ stringValue: 'dot' });
    expect(fieldAt(fields, ['x.y', 'z'])).toBeUndefined();
    expect(fieldAt(fields, ['toString'])).toBeUndefined();
  });

  it('sets a value and makes the maps on the way, leaving the original alone', () => {
    const before = structuredClone(fields);
    const changed = withFieldAt(fields, ['n', 'm'], { booleanValue: true });
    expect(fieldAt(changed, ['n', 'm'])).toEqual({ booleanValue: true });
    expect(fields).toEqual(before);
  });

  it('replaces what is no map by one', () => {
    const changed = withFieldAt(fields, ['x.y', 'z'], { booleanValue: true });
    expect(changed['x.y']).toEqual({ mapValue: { fields: { z: { booleanValue: true } } } });
  });

  it('removes a value and makes no map for one that is not there', () => {
    expect(withFieldAt(fields, ['a', 'b'], undefined)).toEqual({
      ...fields,
      a: { mapValue: { fields: { c: { integerValue: '2' } } } },
    });
    expect(withFieldAt(fields, ['no', 'where'], undefined)).toEqual(fields);
  });

  it('masks keep only what they name', () => {
    expect(maskFields(fields, [['a', 'c'], ['none']])).toEqual({
      a: { mapValue: { fields: { c: { integerValue: '2' } } } },
    });
  });
});
