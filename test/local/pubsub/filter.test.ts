import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../local/pubsub/filter.ts';

const all = { a: '1', b: '2', lang: 'en-GB', 'iana.org/tag': 'x', empty: '' };

describe('a filter', () => {
  it.each([
    [''],
    ['   '],
    ['attributes:a'],
    ['attributes:"iana.org/tag"'],
    ['attributes:empty'],
    ['attributes.a = "1"'],
    ['attributes.a="1"'],
    ['attributes."iana.org/tag" = "x"'],
    ['attributes.a != "2"'],
    ['attributes.absent != "1"'],
    ['hasPrefix(attributes.lang, "en")'],
    ['hasPrefix(attributes.lang,"")'],
    ['NOT attributes:absent'],
    ['-attributes:absent'],
    ['NOT NOT attributes:a'],
    ['attributes:a AND attributes:b AND attributes:lang'],
    ['attributes:absent OR attributes:b'],
    ['(attributes:absent OR attributes:a) AND attributes:b'],
    ['attributes:absent OR (attributes:a AND attributes:b)'],
    ['NOT (attributes:a AND attributes:absent)'],
    ['NOT attributes:absent AND attributes:a'],
    ['attributes.a = "\\x31"'],
    ['attributes.a = "\\061"'],
    ['attributes.a = "\\u0031"'],
  ])('accepts these attributes: %s', (text) => {
    expect(parseFilter(text)(all)).toBe(true);
  });

  it.each([
    ['attributes:absent'],
    ['attributes:A'],
    ['attributes.a = "2"'],
    ['attributes.absent = ""'],
    ['attributes.a != "1"'],
    ['hasPrefix(attributes.lang, "EN")'],
    ['hasPrefix(attributes.lang, "GB")'],
    ['hasPrefix(attributes.lang, "n-")'],
    ['hasPrefix(attributes.lang, "en-GB-oed")'],
    ['hasPrefix(attributes.absent, "")'],
    ['NOT attributes:a'],
    ['attributes:a AND attributes:absent'],
    ['attributes:absent OR attributes:none'],
    ['NOT (attributes:a OR attributes:absent)'],
    ['NOT attributes:a OR attributes:absent'],
    ['attributes:constructor'],
    ['attributes.constructor = "x"'],
    ['hasPrefix(attributes.constructor, "")'],
  ])('rejects these attributes: %s', (text) => {
    expect(parseFilter(text)(all)).toBe(false);
  });

  it('compares values with quotes and backslashes in them', () => {
    expect(parseFilter('attributes.a = "say \\"hi\\" \\\\ \\n"')({ a: 'say "hi" \\ \n' })).toBe(true);
  });

  it('takes words of the language as attribute keys', () => {
    expect(parseFilter('attributes.AND = "1" AND attributes.NOT = "2"')({ AND: '1', NOT: '2' })).toBe(true);
  });

  it('takes keys with hyphens without quotes', () => {
    expect(parseFilter('attributes.event-type = "x"')({ 'event-type': 'x' })).toBe(true);
  });

  it.each([
    ['attributes', 11],
    ['attributes.a', 13],
    ['attributes.a = 1', 16],
    ['attributes.a = v', 16],
    ['attributes.a > "1"', 13],
    ["attributes.a = 'v'", 15],
    ['attributes.a = "v', 15],
    ['attributes:a attributes:b', 14],
    ['attributes:a AND', 17],
    ['attributes:a and attributes:b', 14],
    ['attributes:a AND attributes:b OR attributes:c', 31],
    ['attributes:a OR attributes:b AND attributes:c', 30],
    ['(attributes:a', 14],
    ['attributes:a)', 13],
    ['NOT', 4],
    ['hasPrefix(attributes.a)', 23],
    ['hasPrefix("a", "b")', 11],
    ['data = "x"', 1],
    ['=', 1],
  ])('is refused: %s (character %i)', (text, character) => {
    expect(() => parseFilter(text)).toThrow(`at character ${character}`);
  });

  it('may have 256 bytes and not one more', () => {
    const ofBytes = (bytes: number) => `attributes.a = "${'v'.repeat(bytes - 17)}"`;
    expect(ofBytes(256)).toHaveLength(256);
    expect(() => parseFilter(ofBytes(256))).not.toThrow();
    expect(() => parseFilter(ofBytes(257))).toThrow('257 bytes');
  });
});
