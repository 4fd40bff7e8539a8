import { describe, expect, it } from '@jest/globals';
import { isZero } from '../../workspace/is-zero.ts';

describe('bytes', () => {
  it.each<[what: string, bytes: number[], zero: boolean]>([
    ['none at all', [], true],
    ['a single zero', [0], true],
    ['many zeros', Array(5000).fill(0), true],
    ['a single other byte', [1], false],
    ['one other byte many times', Array(5000).fill(7), false],
    ['zeros with another byte first', [1, 0, 0, 0], false],
    ['zeros with another byte between', [0, 0, 1, 0], false],
    ['zeros with another byte last', [0, 0, 0, 1], false],
  ])('that are %s', (_, bytes, zero) => {
    expect(isZero(Buffer.from(bytes))).toBe(zero);
  });
});
