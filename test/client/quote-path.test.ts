import { describe, expect, it } from '@jest/globals';
import { quotePath } from '../../client/quote-path.ts';

describe('a path in a diff', () => {
  it.each([
    ['plain/with blank', 'plain/with blank'],
    ['a\nb\tc', '"a\\nb\\tc"'],
    ['"\\', '"\\"\\\\"'],
    ['\x01\x1b\x7f', '"\\001\\033\\177"'],
    ['\x07\b\v\f\r', '"\\a\\b\\v\\f\\r"'],
    ['\xc3\xa4\xff', '"\\303\\244\\377"'],
  ])('is quoted as git does: %j', (path, quoted) => {
    expect(quotePath(path)).toBe(quoted);
  });
});
