import { describe, expect, it } from '@jest/globals';
import { type GlobsAt, globBudget, globProblem, parseGlob, startGlobs } from '../../../workspace/files/glob.ts';

/** Where a walk along a path comes to in these patterns. */
const along = (patterns: readonly string[], path: string, budget = globBudget()): GlobsAt =>
  path.split('/').reduce((at, name) => at.below(name), startGlobs(patterns.map(parseGlob), budget));

const stepsOf = (patterns: readonly string[], path: string): number => {
  const budget = globBudget();
  along(patterns, path, budget);
  return budget.spent;
};

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
    expect(along([pattern], folder).leadsOn).toBe(leads);
  });

  it('wherever a path below it matches', () => {
    const patterns = ['**', 'a/**', '**/c', 'a/*/c', '{a,b}/b/c', 'a/b/c', '*/b/*'];
    for (const pattern of patterns) {
      const all = [along([pattern], 'a').leadsOn, along([pattern], 'a/b').leadsOn, along([pattern], 'a/b/c').matching];
      expect(all).toEqual([true, true, [parseGlob(pattern)]]);
    }
  });
});

describe('a pattern matches a path', () => {
  it.each([
    ['dist/**', 'dist', true],
    ['dist/**', 'dist/.a/b', true],
    ['**/c', 'c', true],
    ['**/*.js', 'a/b.js', true],
    ['**/*.js', 'a/.b.js', false],
    ['.*', '.b', true],
    ['a/**/**/b', 'a/b', true],
    ['**/a/**/a', 'a/a', true],
    ['**/a/**/a', 'a', false],
    ['{a,{b,c}}/d', 'c/d', true],
    ['{a}', '{a}', true],
    ['[!a-c]?', 'dx', true],
    ['[c-a]', 'b', false],
    ['[]]', ']', true],
    ['\\*', '*', true],
    ['a*b*c', 'aXbXbc', true],
    ['a*b*c', 'aXc', false],
  ])('%s: %s → %s', (pattern, path, matches) => {
    expect(along([pattern], path).matching.length === 1).toBe(matches);
  });

  it('beside other patterns, and each is told once', () => {
    const globs = ['*.{js,j?}', '*.ts', 'a.*'].map(parseGlob);
    expect(startGlobs(globs, globBudget()).below('a.js').matching).toEqual([globs[0], globs[2]]);
  });
});

describe('what a pattern costs', () => {
  it('is that of one "**" for any number of them side by side', () => {
    const many = Array.from({ length: 8 }, (_, i) => `${'{a,b}'.repeat(6)}z${i}${'/**'.repeat(318)}`);
    const few = Array.from({ length: 8 }, (_, i) => `${'{a,b}'.repeat(6)}z${i}/**`);
    const path = Array.from({ length: 40 }, () => 'aaaaaaz0').join('/');
    expect(stepsOf(many, path)).toBe(stepsOf(few, path));
    expect(stepsOf([`{**,x}${'{/**,/x}'.repeat(5)}${'/**'.repeat(300)}/zzz`], path)).toBeLessThan(40_000);
  });

  it('at a name deep in a tree is no more than at any other', () => {
    const patterns = [`${'**/a*/'.repeat(150)}zzz`, '**/f'];
    const step = (depth: number) => {
      const path = Array.from({ length: depth }, () => 'aaaa').join('/');
      return stepsOf(patterns, `${path}/aaaa`) - stepsOf(patterns, path);
    };
    expect(step(240)).toBeLessThanOrEqual(step(160));
  });

  it('at one name is bounded by the length of the patterns, each part that they share counted once', () => {
    const name = 'a'.repeat(255);
    const slow = `*${'a'.repeat(127)}b`;
    const one = stepsOf([`a/${slow}`], `a/${name}`);
    expect(one).toBeLessThan(slow.length * (name.length + 1));
    expect(stepsOf([`{*,a*,*a,?}/${slow}`, `*/${slow}`, `**/${slow}`], `a/${name}`)).toBeLessThan(1.1 * one);
  });

  it('is refused when it is more than a walk may take', () => {
    expect(() => along(['**/a*b'], 'aaaa/aaaa/aaaa/aaaa', globBudget(20))).toThrow(
      expect.objectContaining({ code: 'files/too-large' }),
    );
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
    ['{'.repeat(1024), null],
    [`{a,b}{a,b}{a,b}{a,b}{a,b}/${'x'.repeat(121)}`, null],
    [
      `{a,b}{a,b}{a,b}{a,b}{a,b}/${'x'.repeat(123)}`,
      `the pattern "{a,b}{a,b}{a,b}{a,b}{a,b}/${'x'.repeat(123)}" has alternatives of more than 4096 bytes together`,
    ],
  ])('%s: %j', (pattern, problem) => {
    expect(globProblem(pattern)).toBe(problem);
  });
});
