import { describe, expect, it } from '@jest/globals';
import { findConditionalExpects } from './find-conditional-expects.ts';
import { codeFiles, readSource, type SourcePath } from './source-tree.ts';
import { codeOnly, withoutComments } from './strip-source.ts';

const testCode = codeFiles.filter((path) => path.startsWith('test/'));
const testFiles = testCode.filter((path) => path.endsWith('.test.ts'));
const codeOf = (path: SourcePath) => codeOnly(readSource(path));
const matches = (path: SourcePath, pattern: RegExp) => [...codeOf(path).matchAll(pattern)].map(([text]) => text);

/** A promise that only a timer resolves, in its usual forms. A deadline rejects, so it is none. */
const sleep =
  /\bnew Promise(?:<[^>]*>)?\(\s*(?:async\s*)?\(?\s*(\w+)[^)]*?\)?\s*=>\s*\{?\s*(?:void\s+)?setTimeout\(\s*(?:\(\)\s*=>\s*)?\1\b/g;

/** `setImmediate` gives way to others without a time, so only it may be imported. */
const importedTimer =
  /\bimport\s*\{[^}]*\b(?:setTimeout|setInterval|scheduler)\b[^}]*\}\s*from\s*'(?:node:)?timers\/promises'/g;

const sleepsIn = (path: SourcePath): readonly string[] => [
  ...matches(path, sleep),
  ...[...withoutComments(readSource(path)).matchAll(importedTimer)].map(([text]) => text),
];

describe('the scan of tests', () => {
  it('finds them', () => {
    expect(testFiles.length).toBeGreaterThan(20);
    expect(testFiles).toContain('test/architecture/test-habits.test.ts');
  });

  it.each([
    'await new Promise((resolve) => setTimeout(resolve, 50));',
    'await new Promise<void>((done) => { setTimeout(done, 50); });',
    'await new Promise((resolve) => setTimeout(() => resolve(1), 50));',
    'new Promise(r => setTimeout(r));',
  ])('knows a sleep: %s', (code) => {
    expect([...code.matchAll(sleep)]).toHaveLength(1);
  });

  it.each([
    'new Promise((resolve, reject) => setTimeout(() => reject(late), 50));',
    'const timer = setTimeout(() => child.kill(), 5000);',
  ])('takes no deadline for a sleep: %s', (code) => {
    expect([...code.matchAll(sleep)]).toEqual([]);
  });

  it.each([
    'if (a) { expect(b).toBe(c); }',
    'if (a(b)) expect(c).toBe(d);',
    'if (a) { b(); } else { expect(c).toBe(d); }',
    'if (a) b();\nelse if (c) expect.assertions(1);',
    'a && expect(b).toBe(c);',
    'a ? expect(b).toBe(c) : 0;',
  ])('knows an expectation that depends on a condition: %s', (code) => {
    expect(findConditionalExpects(code)).not.toEqual([]);
  });

  it.each([
    'if (a) throw b;\nexpect(c).toBe(d);',
    'if (a) { b(); }\nexpect(c).toBe(d);',
    'const a = b ? c : d; expect(a).toBe(e);',
    'expect(a ?? b).toBe(c);',
  ])('takes no other condition for one: %s', (code) => {
    expect(findConditionalExpects(code)).toEqual([]);
  });
});

describe('a test', () => {
  it.each(testCode)('runs the real modules: %s', (path) => {
    const mock = /\bjest\s*\.\s*(?:mock|doMock|unstable_mockModule|setMock|createMockFromModule)\b/g;
    expect(matches(path, mock)).toEqual([]);
  });

  it.each(testFiles)('waits for what it needs, not for a while: %s', (path) => {
    expect(sleepsIn(path)).toEqual([]);
  });

  it.each(testFiles)('leaves how long something took to benchmarks: %s', (path) => {
    const elapsed = /\bexpect\((?:performance|Date)\.now\(\) - \w+\)\s*\.(?:not\.)?toBeLess\w+/g;
    expect(matches(path, elapsed)).toEqual([]);
  });

  it.each(testCode)('that asks again and again has a deadline: %s', (path) => {
    const polls = sleepsIn(path).length > 0;
    expect(polls && !/deadline/i.test(codeOf(path))).toBe(false);
  });

  it.each(testFiles)('is always run: %s', (path) => {
    const excepted =
      /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|failing|skipIf)\b|(?<![.\w])[fx](?:it|test|describe)\(/g;
    expect(matches(path, excepted)).toEqual([]);
  });

  it.each(testFiles)('expects something whatever happens: %s', (path) => {
    expect(findConditionalExpects(codeOf(path))).toEqual([]);
  });

  it.each(testFiles)('has at least one expectation: %s', (path) => {
    expect(matches(path, /\bexpect\w*\s*[.(]|\bassert\w*\(/g).length).toBeGreaterThan(0);
  });
});
