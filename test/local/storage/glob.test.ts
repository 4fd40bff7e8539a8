import { describe, expect, it } from '@jest/globals';
import { parseGlob } from '../../../local/storage/glob.ts';

function isMatch(pattern: string, name: string): boolean {
  const glob = parseGlob(pattern);
  if (glob.kind === 'invalid') throw new Error(glob.problem);
  return glob.matches(name);
}

describe('a glob of object names', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['*', 'a.txt'],
    ['*', ''],
    ['a*c', 'ac'],
    ['a*c', 'abbc'],
    ['img/*', 'img/brand.jpg'],
    ['a?c', 'abc'],
    ['?', '💾'],
    ['**', 'a/b/c.txt'],
    ['img/**.jpg', 'img/hi-res/party-01.jpg'],
    ['foo**bar', 'foo/x/bar'],
    ['**/b', 'b'],
    ['**/b', 'a/a/b'],
    ['a/**/b/*.avro', 'a/b/x.avro'],
    ['a/**/b/*.avro', 'a/x/y/b/x.avro'],
    ['**/**/b', 'b'],
    ['*/', 'folder/'],
    ['[abc]', 'b'],
    ['[a-c]x', 'cx'],
    ['[a-]', '-'],
    ['[-a]', '-'],
    ['[!ab]', 'c'],
    ['[^ab]', 'c'],
    ['[\\]]', ']'],
    ['{a,b}.txt', 'b.txt'],
    ['{a*,b?}.txt', 'aaa.txt'],
    ['{a,{b,c}d}', 'cd'],
    ['{,a}b', 'b'],
    ['a,b', 'a,b'],
    ['\\*', '*'],
    ['a\\b/*', 'ab/file.txt'],
    ['a\\\\b/*', 'a\\b/file.txt'],
    ['a\\', 'a\\'],
    ['a.b', 'a.b'],
    ['line*end', 'line\u2028end'],
  ])('%j matches %j', (pattern, name) => {
    expect(isMatch(pattern, name)).toBe(true);
  });

  it.each([
    ['*', 'a/b'],
    ['img/*', 'img/hi-res/party-01.jpg'],
    ['img/*', 'img'],
    ['?', '/'],
    ['?', ''],
    ['a*c', 'a/c'],
    ['**/b', 'ab'],
    ['a/**/b', 'a/xb'],
    ['a/**/b', 'ab'],
    ['[!a]', '/'],
    ['[!a]', 'a'],
    ['[a-c]', 'd'],
    ['{a,b}', 'c'],
    ['A', 'a'],
    ['a.b', 'axb'],
    ['a', 'ab'],
  ])('%j does not match %j', (pattern, name) => {
    expect(isMatch(pattern, name)).toBe(false);
  });

  it.each([
    ['[abc', "'[' at index 0"],
    ['x[]', 'class at index 1 has no character'],
    ['[!]', 'class at index 0 has no character'],
    ['[]a]', 'class at index 0 has no character'],
    ['[z-a]', "'z-a'"],
    ['[ω-α]', "'ω-α'"],
    ['[a[b]', "'[' at index 0"],
    ['[a{b]', "'[' at index 0"],
    ['{[a,b]}', "'[' at index 1"],
    ['a]', "']' at index 1"],
    ['a}', "'}' at index 1"],
    ['{a]}', "']' at index 2"],
    ['{a,b', "'{' at index 0"],
    ['{a,{b}', "'{' at index 0"],
    ['{a,{b', "'{' at index 3"],
    ['{a,b}'.repeat(12), 'more than 1000 alternatives'],
    ['{'.repeat(20_000), 'nested too deeply'],
  ])('%j is refused with words that name %j', (pattern, problem) => {
    expect(parseGlob(pattern)).toEqual({ kind: 'invalid', problem: expect.stringContaining(problem) });
  });

  it('takes no longer for a pattern of many stars than their number times the length of the name', () => {
    expect(isMatch(`${'*a'.repeat(500)}b`, 'a'.repeat(1000))).toBe(false);
  });
});
