import { describe, expect, it } from '@jest/globals';
import {
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  stringToSign,
} from '../../../local/storage/canonical-request.ts';

describe('the canonical form of a signed request', () => {
  it('has the method, path, query, headers, names of the headers and payload on lines of their own', () => {
    const canonical = canonicalRequest({
      method: 'PUT',
      path: '/bucket/object',
      query: 'b=2&a=1',
      signedHeaders: [
        ['host', 'storage.googleapis.com'],
        ['content-type', '  text/plain;   charset=utf-8 '],
      ],
      payloadSha256: null,
    });
    expect(canonical).toBe(
      [
        'PUT',
        '/bucket/object',
        'a=1&b=2',
        'content-type:text/plain; charset=utf-8',
        'host:storage.googleapis.com',
        '',
        'content-type;host',
        'UNSIGNED-PAYLOAD',
      ].join('\n'),
    );
  });

  it('ends with the hash of the body when that is signed', () => {
    const canonical = canonicalRequest({
      method: 'PUT',
      path: '/b/o',
      query: '',
      signedHeaders: [['host', 'h']],
      payloadSha256: 'abc',
    });
    expect(canonical.endsWith('\nhost\nabc')).toBe(true);
  });

  it.each([
    ['orders parameters by name', 'b=1&a=2&A=3', 'A=3&a=2&b=1'],
    ['orders equal names by value', 'a=2&a=1', 'a=1&a=2'],
    ['leaves the signature out', 'a=1&X-Goog-Signature=ff', 'a=1'],
    ['gives a parameter without a value an empty one', 'acl', 'acl='],
    ['writes escapes in upper case', 'a=%2f', 'a=%2F'],
    ['escapes what need not be escaped in a URL', "a=x/y!'()*", 'a=x%2Fy%21%27%28%29%2A'],
    ['does not escape unreserved characters', 'a=%7E-._', 'a=~-._'],
    ['keeps a broken escape as it is', 'a=%zz', 'a=%25zz'],
    ['is empty for no query', '', ''],
  ])('%s in the query', (_what, query, expected) => {
    expect(canonicalQuery(query)).toBe(expected);
  });

  it.each([
    ['/bucket/a%20b', '/bucket/a%20b'],
    ['/bucket/a(1)', '/bucket/a%281%29'],
    ['/bucket/%7euser', '/bucket/~user'],
    ['/bucket/a/b', '/bucket/a/b'],
    ['/bucket/%C3%BC', '/bucket/%C3%BC'],
  ])('spells the path %s as %s', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });

  it('is signed as a hash below the algorithm, date and scope', () => {
    expect(stringToSign('GOOG4-RSA-SHA256', '20260101T000000Z', '20260101/auto/storage/goog4_request', '')).toBe(
      [
        'GOOG4-RSA-SHA256',
        '20260101T000000Z',
        '20260101/auto/storage/goog4_request',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ].join('\n'),
    );
  });
});
