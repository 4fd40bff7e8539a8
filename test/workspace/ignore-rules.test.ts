import { describe, expect, it } from '@jest/globals';
import { maxIgnorePatterns, parseIgnoreRules } from '../../workspace/ignore-rules.ts';

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

  it('does not count after the first few hundred', () => {
    const others = Array.from({ length: maxIgnorePatterns }, (_, i) => `other-${i}`);
    expect([ignores([...others.slice(1), 'x'].join('\n'), 'x'), ignores([...others, 'x'].join('\n'), 'x')]).toEqual([
      true,
      false,
    ]);
  });

  it('takes no more steps than its length times that of the path', () => {
    const names = Array.from({ length: 1000 }, () => 'aa').join('/');
    const hostile = `${'**/'.repeat(1000)}${'*a'.repeat(100)}b`;
    expect(ignores(`/${hostile}`, names)).toBe(false);
    expect(ignores(`${'*a'.repeat(100)}b`, 'a'.repeat(255))).toBe(false);
  });

  it('is not looked for any more when that has taken too long', () => {
    const ignores = parseIgnoreRules('*.log', 20);
    expect(ignores?.('x.log', false)).toBe(true);
    expect(() => ignores?.('x.log/x.log/x.log', false)).toThrow('the patterns of .sandbusignore take too long');
  });
});
