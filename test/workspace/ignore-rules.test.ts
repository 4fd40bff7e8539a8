import { describe, expect, it } from '@jest/globals';
import { ignoreBudget, maxIgnorePatterns, parseIgnoreRules } from '../../workspace/ignore-rules.ts';
import { parseNamePattern } from '../../workspace/name-pattern.ts';
import { StepBudget } from '../../workspace/step-budget.ts';

const ignores = (text: string, path: string): boolean =>
  parseIgnoreRules(text)?.(path.replace(/\/$/, ''), path.endsWith('/')) ?? false;

describe('a pattern of .sandbusignore', () => {
  it.each([
    ['node_modules', 'node_modules/', true],
    ['node_modules', 'a/b/node_modules/', true],
    ['node_modules', 'node_modules.txt', false],
    ['node_modules/', 'node_modules/', true],
    ['node_modules/', 'node_modules', false],
    ['/build', 'build', true],
    ['/build', 'a/build', false],
    ['a/b', 'a/b', true],
    ['a/b', 'x/a/b', false],
    ['*.log', 'a/b/x.log', true],
    ['*.log', 'x.logs', false],
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', false],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a/', false],
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/c/x', true],
    ['a/**/x', 'b/x', false],
    ['f?o', 'foo', true],
    ['f?o', 'fo', false],
    ['f[a-c]o', 'fbo', true],
    ['f[!a-c]o', 'fbo', false],
    ['f[!a-c]o', 'fzo', true],
    ['f[]o', 'f[]o', true],
    ['f[', 'f[', true],
    ['\\#x', '#x', true],
    ['\\!x', '!x', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['x ', 'x', true],
    ['x\\ ', 'x ', true],
    ['# x', '# x', false],
    ['', 'x', false],
    ['/', 'x', false],
    ['\xff*', 'a/\xff\xfe', true],
    ['..', 'a', false],
  ])('"%s" and the path "%s": %s', (pattern, path, expected) => {
    expect(ignores(pattern, path)).toBe(expected);
  });

  it('takes back what an earlier one has left out, and the last one decides', () => {
    expect(ignores('*.log\n!keep.log', 'keep.log')).toBe(false);
    expect(ignores('!keep.log\n*.log', 'keep.log')).toBe(true);
  });

  it('is told of when it comes after that many', () => {
    const problems: string[] = [];
    const text = Array.from({ length: maxIgnorePatterns + 2 }, (_, i) => `x${i}`).join('\n');
    parseIgnoreRules(text, { onProblem: (problem) => problems.push(problem) });
    expect(problems).toEqual(['only its first 500 patterns count']);
  });

  it('does not count after the first few hundred', () => {
    const others = Array.from({ length: maxIgnorePatterns }, (_, i) => `other-${i}`);
    expect([ignores([...others.slice(1), 'x'].join('\n'), 'x'), ignores([...others, 'x'].join('\n'), 'x')]).toEqual([
      true,
      false,
    ]);
  });

  it('takes for each name no more steps than its length times that of all patterns', () => {
    const hostile = `${'**/'.repeat(1000)}${'*a'.repeat(100)}b\n*${'a'.repeat(127)}b\n${'*a/**/'.repeat(100)}b`;
    const name = 'a'.repeat(255);
    const path = Array.from({ length: 15 }, () => name).join('/');
    expect(stepsOf(hostile, ['x'])).toBeLessThan(20);
    expect(stepsOf(hostile, [path])).toBeLessThan(15 * hostile.length * name.length);
  });

  it('takes no step for the folders of a walk again', () => {
    const folder = Array.from({ length: 50 }, (_, i) => `folder-${i}`).join('/');
    const files = Array.from({ length: 100 }, (_, i) => `${folder}/f${i}`);
    const [one, all] = [stepsOf('*.log', files.slice(0, 1)), stepsOf('*.log', files)];
    expect((all - one) / 99).toBeLessThan(one / 10);
  });

  it('takes one step for a bracket, whatever is in it', () => {
    const names = Array.from({ length: 12 }, () => 'y'.repeat(250)).join('/');
    const long = `*[${'x'.repeat(4000)}]`;
    const reversed = `*[${'z-a'.repeat(1300)}]`;
    const scattered = `*[${'b-cx'.repeat(1000)}]`;
    const steps = [long, reversed, scattered, '*[x]'].map((pattern) => stepsOf(pattern, [names]));
    expect(new Set(steps).size).toBe(1);
    expect([long, reversed, scattered].map((pattern) => parseNamePattern(pattern).tokens.length)).toEqual([2, 2, 2]);
  });

  it('does not count when its line is longer than any path, and the others do', () => {
    const problems: string[] = [];
    const text = `*[${'x'.repeat(65_000)}\n# ${'c'.repeat(5000)}\n*.log`;
    const rules = parseIgnoreRules(text, { onProblem: (problem) => problems.push(problem) });
    expect([rules?.('x', false), rules?.('x.log', false)]).toEqual([false, true]);
    expect(problems).toEqual(['line 1 has more than 4096 bytes and does not count']);
  });

  it('is not looked for any more when all of a walk has taken too many steps', () => {
    const ignores = parseIgnoreRules('*.log', { budget: ignoreBudget(400) });
    const askFor = (count: number) => Array.from({ length: count }, (_, i) => ignores?.(`${i}.log`, false));
    expect(askFor(10)).toEqual(Array.from({ length: 10 }, () => true));
    expect(() => askFor(100)).toThrow('the patterns of .sandbusignore take too long for this many files');
  });
});

/** What asking for these files takes. */
function stepsOf(text: string, paths: readonly string[]): number {
  const budget = new StepBudget(Number.MAX_SAFE_INTEGER, () => new Error('never'));
  const rules = parseIgnoreRules(text, { budget });
  for (const path of paths) rules?.(path, false);
  return budget.spent;
}
