import { describe, expect, it } from '@jest/globals';
import { parseFiles } from '../../cli/files.ts';

const problemOf = (...args: readonly string[]) => {
  const read = parseFiles(args);
  return read.ok ? null : read.problem;
};

describe('sandbus files', () => {
  it.each([
    [['ls', 's'], { verb: 'ls', sessionId: 's', paths: [] }],
    [['ls', 's', 'd', '-r', '--glob', '*.ts'], { verb: 'ls', paths: ['d'], recursive: true, glob: '*.ts' }],
    [['put', 's', 'a', '--mode', '755'], { verb: 'put', paths: ['a'], mode: 0o755 }],
    [['put', 's', 'a', '--tenant', 't1'], { verb: 'put', paths: ['a'], tenant: 't1' }],
    [['mv', 's', 'a', 'b', '--overwrite'], { verb: 'mv', paths: ['a', 'b'], overwrite: true }],
    [['rm', 's', '-rf', '--', '-odd'], { verb: 'rm', paths: ['-odd'], recursive: true, force: true }],
  ])('reads %j', (args, call) => {
    expect(parseFiles(args)).toMatchObject({ ok: true, value: call });
  });

  it.each([
    [[], 'files has no "": it has ls, get, put, rm, mkdir, mv, stat'],
    [['toString', 's'], 'files has no "toString": it has ls, get, put, rm, mkdir, mv, stat'],
    [['get'], 'files get needs the id of a session'],
    [['get', 's'], 'files get needs a path'],
    [['mv', 's', 'a'], 'files mv needs two paths'],
    [['stat', 's', 'a', 'b'], '"b" is one argument too many'],
    [['get', 's', 'a', '-r'], '--recursive is not for files get'],
    [['get', 's', 'a', '--tenant', 't1'], '--tenant is not for files get'],
    [['put', 's', 'a', '--mode', '9'], '--mode must be 3 or 4 octal digits'],
  ])('refuses %j and says why', (args, problem) => {
    expect(problemOf(...args)).toBe(problem);
  });
});
