import { describe, expect, it } from '@jest/globals';
import { parseContentPath, parseFilePath, parseOperationPath } from '../../../workspace/files/file-path.ts';

const systemFolders = ['/', '/etc', '/usr/', '//proc/.', '../root', '/workspace/..', '/tmp/../dev'];

describe('a path of a request for files', () => {
  it.each([
    ['a/b', 'a/b'],
    ['/workspace', ''],
    ['/workspace//a/./b/../c', 'a/c'],
    ['../workspace/a', 'a'],
    ['/tmp', '/tmp'],
    ['/workspace/../tmp/a', '/tmp/a'],
  ])('%s leads to %s', (path, place) => {
    expect([parseFilePath(path), parseContentPath(path)]).toEqual([place, place]);
  });

  it.each([...systemFolders, '/etc/passwd', '../x', '/workspaces/a'])('%s leads elsewhere', (path) => {
    expect(() => parseFilePath(path)).toThrow('files/invalid-path');
  });

  it.each([
    '',
    '/etc/passwd',
    '/workspace/../../etc/shadow',
    '../x',
    '/home\0',
    '/etcetera',
  ])('of a file whose content is wanted: %j leads elsewhere too', (path) => {
    expect(() => parseContentPath(path)).toThrow('files/invalid-path');
  });

  it.each(systemFolders)('of a file whose content is wanted: %s is told to be a folder', (path) => {
    expect(() => parseContentPath(path)).toThrow(`'${path}' is a folder, and below neither /workspace nor /tmp`);
  });

  it.each([
    ['read', 'is-directory'],
    ['write', 'is-directory'],
    ['append', 'is-directory'],
    ['list', 'invalid-path'],
    ['stat', 'invalid-path'],
    ['make-directory', 'invalid-path'],
    ['remove', 'invalid-path'],
    ['move', 'invalid-path'],
  ] as const)('of an operation that is to %s /etc is refused as files/%s', (kind, code) => {
    expect(() => parseOperationPath({ kind, path: '/etc' })).toThrow(`files/${code}`);
  });
});
