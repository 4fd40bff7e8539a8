import { describe, expect, it } from '@jest/globals';
import {
  type MatchedFile,
  missOutput,
  nothingSelected,
  type OutputLimits,
  selectOutput,
} from '../../../executor/outputs/select-outputs.ts';

const limits: OutputLimits = {
  ...{ files: 3, fileBytes: 10, totalBytes: 15, pathBytes: 8, totalPathBytes: 12, missed: 2 },
};
const aFile = (path: string, bytes = 1): MatchedFile => ({ path, isFile: true, bytes });
const select = (...files: readonly MatchedFile[]) => {
  const { chosen, missed, more } = files.reduce((all, file) => selectOutput(all, file, limits), nothingSelected);
  return { chosen: chosen.map(({ path }) => path), missed: missed.map(({ reason }) => reason), more };
};

describe('what is collected', () => {
  it.each([
    ['a file as large as may be', [aFile('a', 10)], ['a'], []],
    ['a file one byte larger', [aFile('a', 11)], [], ['too-large']],
    ['as much as may be in all', [aFile('a', 10), aFile('b', 5)], ['a', 'b'], []],
    ['a byte more in all', [aFile('a', 10), aFile('b', 6)], ['a'], ['total-too-large']],
    [
      'a smaller file after one that found no room',
      [aFile('a', 10), aFile('b', 6), aFile('c', 5)],
      ['a', 'c'],
      ['total-too-large'],
    ],
    ['as many as may be', ['a', 'b', 'c'].map((path) => aFile(path)), ['a', 'b', 'c'], []],
    ['one more', ['a', 'b', 'c', 'd'].map((path) => aFile(path)), ['a', 'b', 'c'], ['too-many']],
    ['a path as long as may be', [aFile('12345678')], ['12345678'], []],
    ['paths as long as may be in all', [aFile('12345678'), aFile('1234')], ['12345678', '1234'], []],
    ['a byte more of paths in all', [aFile('12345678'), aFile('12345')], ['12345678'], ['too-many']],
    ['what is no file', [{ path: 'a', isFile: false, bytes: 1 }], [], ['no-file']],
    ['an empty file', [aFile('a', 0)], ['a'], []],
  ])('%s', (_title, files, chosen, missed) => {
    expect(select(...files)).toEqual({ chosen, missed, more: 0 });
  });

  it('names the first of what is missed and counts the others', () => {
    expect(select(...['a', 'b', 'c', 'd'].map((path) => aFile(path, 11)))).toEqual({
      chosen: [],
      missed: ['too-large', 'too-large'],
      more: 2,
    });
  });

  it('only counts what has too long a path', () => {
    expect(select(aFile('123456789'))).toEqual({ chosen: [], missed: [], more: 1 });
  });

  it('tells the size of a file that is missed, and none of what is no file', () => {
    const missed = [aFile('a', 7), { path: 'b', isFile: false, bytes: 7 }].reduce(
      (all, file) => missOutput(all, file, 'not-stored', limits),
      nothingSelected,
    );
    expect(missed.missed).toEqual([
      { path: '/workspace/a', bytes: 7, reason: 'not-stored' },
      { path: '/workspace/b', reason: 'not-stored' },
    ]);
  });
});
