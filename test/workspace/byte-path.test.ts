import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths, fsPath, parentPath, pathProblem, showPath } from '../../workspace/byte-path.ts';

describe('a path of a checkpoint', () => {
  it.each([
    'a',
    '...',
    '..a',
    'a/b',
    ' ',
    '\n',
    '\xff/\xfe',
    'n'.repeat(255),
    `${'d/'.repeat(1999)}ff`,
  ])('may be %j', (path) => {
    expect(pathProblem(path)).toBeNull();
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    './a',
    'a/.',
    '..',
    '../a',
    'a/..',
    'a\0b',
    'n'.repeat(256),
    `${'d/'.repeat(2000)}f`,
  ])('may not be %j', (path) => {
    expect(pathProblem(path)).not.toBeNull();
  });

  it('has the directory that holds it as its parent', () => {
    expect(['a', 'a/b', 'a/b/c'].map(parentPath)).toEqual(['', 'a', 'a/b']);
  });

  it('reads as text where it is UTF-8, with what is not printable escaped', () => {
    expect(showPath(Buffer.from('café\n').toString('latin1'))).toBe('café\\x0a');
    expect(showPath('caf\xe9')).toBe('caf\\xe9');
  });

  it('reaches Node as the bytes that it stands for', () => {
    expect(fsPath('plain')).toBe('plain');
    expect(fsPath('\xe9\xff')).toEqual(Buffer.from([0xe9, 0xff]));
  });
});

describe('the order of paths', () => {
  it('puts a directory directly before what is in it', () => {
    const paths = ['b', 'a.b', 'a', 'a-', 'a/c', 'a/b/x', 'a/b', 'a/b.'];
    expect(paths.sort(comparePaths)).toEqual(['a', 'a/b', 'a/b/x', 'a/b.', 'a/c', 'a-', 'a.b', 'b']);
  });

  it('is that of their parts, compared one by one', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '\x01', '\xff'), minLength: 1, maxLength: 3 });
    const parts = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const different = a.findIndex((name, i) => name !== b[i]);
        const [left = '', right = ''] = [a[different], b[different]];
        const expected = different < 0 ? a.length - b.length : left < right ? -1 : 1;
        expect(Math.sign(comparePaths(a.join('/'), b.join('/')))).toBe(Math.sign(expected));
      }),
    );
  });
});
