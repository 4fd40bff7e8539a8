import { describe, expect, it } from '@jest/globals';
import { parseRequestTarget } from '../../../local/storage/request-target.ts';

const parse = (path: string, query = '') => parseRequestTarget(path, new URLSearchParams(query));

describe('the path of a request', () => {
  it.each([
    ['/storage/v1/b', { kind: 'json', segments: ['b'] }],
    ['/storage/v1/b/bucket/o/a%2Fb%20c', { kind: 'json', segments: ['b', 'bucket', 'o', 'a/b c'] }],
    ['/b/bucket/o/a%2Fb', { kind: 'json', segments: ['b', 'bucket', 'o', 'a/b'] }],
    ['/download/storage/v1/b/bucket/o/a', { kind: 'json', segments: ['b', 'bucket', 'o', 'a'] }],
    ['/upload/storage/v1/b/bucket/o', { kind: 'upload', segments: ['b', 'bucket', 'o'] }],
    ['/resumable/upload/storage/v1/b/bucket/o', { kind: 'upload', segments: ['b', 'bucket', 'o'] }],
    ['/resumable/upload', { kind: 'xml', bucket: 'resumable', name: 'upload' }],
    ['/bucket/a/b', { kind: 'xml', bucket: 'bucket', name: 'a/b' }],
    ['/bucket/a%2Fb', { kind: 'xml', bucket: 'bucket', name: 'a/b' }],
    ['/bucket', { kind: 'xml', bucket: 'bucket', name: '' }],
    ['/bucket/a//b/', { kind: 'xml', bucket: 'bucket', name: 'a//b/' }],
  ])('%s names %j', (path, expected) => {
    expect(parse(path)).toEqual(expected);
  });

  it.each([
    '/storage/v1/b',
    '/upload/storage/v1/b/bucket/o',
  ])('%s with a signature names a bucket and an object', (path) => {
    expect(parse(path, 'X-Goog-Signature=ff')).toMatchObject({ kind: 'xml', bucket: path.split('/')[1] });
  });

  it('with a broken escape is refused, and the refusal quotes it', () => {
    expect(parse('/b/bucket/o/%zz')).toEqual({ kind: 'invalid', problem: expect.stringContaining('%zz') });
  });
});
