import { describe, expect, it } from '@jest/globals';
import { enumeratePoints, nameOf } from './crash-points.ts';

describe('the crash points of a recorded run', () => {
  it.each<[string, readonly string[], number, readonly string[]]>([
    ['none for no call', [], 2, []],
    ['before and after each call', ['a', 'b'], 2, ['before a 1', 'after a 1', 'before b 1', 'after b 1']],
    ['all calls of a name up to the most', ['a', 'a'], 2, ['before a 1', 'after a 1', 'before a 2', 'after a 2']],
    [
      'spread where there are more',
      Array(9).fill('a'),
      3,
      ['a 1', 'a 4', 'a 7'].flatMap((n) => [`before ${n}`, `after ${n}`]),
    ],
  ])('are %s', (_what, calls, most, expected) => {
    expect(enumeratePoints(calls, most).map(nameOf)).toEqual(expected);
  });
});
