import { describe, expect, it } from '@jest/globals';
import { globProblem, leadsToMatches, matchesGlob, parseGlob } from '../../../workspace/files/glob.ts';

describe('a pattern leads into a folder', () => {
  it.each([
    ['dist/**', 'dist', true],
    ['dist/**', 'dist/a/b', true],
    ['dist/**', 'src', false],
    ['*.png', 'a.png', false],
    ['*/x', 'a', true],
    ['*/x', 'a/b', false],
    ['**/x', 'a/b/c', true],
    ['a/**/x', 'a/b/c', true],
    ['a/**/x', 'b', false],
    ['a/b/c', 'a/b', true],
    ['a/b/c', 'a/b/c', false],
    ['{a,b/c}/d', 'b/c', true],
    ['{a,b/c}/d', 'a/d', false],
    ['*/x', '.git', false],
  ])('%s: %s → %s', (pattern, folder, leads) => {
    expect(leadsToMatches(parseGlob(pattern), folder)).toBe(leads);
  });

  it('wherever a path below it matches', () => {
    const patterns = ['**', 'a/**', '**/c', 'a/*/c', '{a,b}/b/c', 'a/b/c', '*/b/*'].map(parseGlob);
    const matching = patterns.filter((glob) => matchesGlob(glob, 'a/b/c'));
    expect(matching).toEqual(patterns);
    expect(matching.filter((glob) => leadsToMatches(glob, 'a') && leadsToMatches(glob, 'a/b'))).toEqual(patterns);
  });
});

describe('a text is refused as a pattern', () => {
  it.each([
    ['dist/**', null],
    ['{a,b}/..', 'the pattern "{a,b}/.." holds ".."'],
    ['{..,a}/x', 'the pattern "{..,a}/x" holds ".."'],
    ['{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}', null],
    [
      '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
      'the pattern "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" has more than 64 alternatives',
    ],
  ])('%s: %j', (pattern, problem) => {
    expect(globProblem(pattern)).toBe(problem);
  });
});
