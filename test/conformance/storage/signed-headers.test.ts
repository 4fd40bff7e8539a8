import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outcomeOf, refused, type SigningFixture, signatureMismatch, startSigningFixture } from './signing-fixture.ts';

describe('a V4 signed URL with signed headers', () => {
  let fixture: SigningFixture;
  let name: string;
  beforeAll(async () => {
    fixture = await startSigningFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    name = await fixture.anObject();
  });

  const put = (url: string, headers: Record<string, string>, body = 'new content') =>
    outcomeOf(url, { method: 'PUT', headers, body });

  it('is refused when a signed header is not sent, and the refusal names it', async () => {
    const url = await fixture.sign(name, 'write', { extensionHeaders: { 'x-goog-meta-owner': 'me' } });
    expect(await put(url, {})).toEqual(
      refused(400, 'MalformedSecurityHeader', 'x-goog-meta-owner.*in signedheaders, but not in the request'),
    );
  });

  it('is refused when a signed header has another value', async () => {
    const url = await fixture.sign(name, 'write', { contentType: 'text/plain' });
    expect(await put(url, { 'content-type': 'text/html' })).toEqual(signatureMismatch);
  });

  it('is refused when an x-goog header was not signed, and the refusal names it', async () => {
    const url = await fixture.sign(name, 'write');
    expect(await put(url, { 'x-goog-meta-owner': 'me' })).toEqual(
      refused(400, 'MalformedSecurityHeader', 'x-goog-meta-owner.*in the request, but not in signedheaders'),
    );
  });

  it('writes an object only if there is none under x-goog-if-generation-match 0', async () => {
    const headers = { 'x-goog-if-generation-match': '0' };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    expect(await put(url, headers)).toEqual(refused(412, 'PreconditionFailed', 'The generation is \\d+, not 0'));
    await fixture.bucket.file(name).delete();
    expect(await put(url, headers)).toEqual({ status: 200, body: '' });
    expect(await put(url, headers)).toEqual(refused(412, 'PreconditionFailed', 'not 0'));
  });

  it('deletes only the generation under x-goog-if-generation-match', async () => {
    const headers = { 'x-goog-if-generation-match': '1' };
    const url = await fixture.sign(name, 'delete', { extensionHeaders: headers });
    expect(await outcomeOf(url, { method: 'DELETE', headers })).toEqual(refused(412, 'PreconditionFailed', 'not 1'));
  });

  it.each([
    ['of 10 bytes', 'abcdefghij', 200, ''],
    ['of 12 bytes', 'abcdefghijkl', 200, ''],
  ])('writes an object %s under x-goog-content-length-range 10,12', async (_size, body, status, answer) => {
    const headers = { 'x-goog-content-length-range': '10,12' };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    expect(await put(url, headers, body)).toEqual({ status, body: answer });
  });

  it.each([
    ['9 bytes', 'abcdefghi', 'EntityTooSmall', 'minimum object size of 10'],
    ['13 bytes', 'abcdefghijklm', 'EntityTooLarge', 'maximum object size of 12'],
  ])('is refused for %s under x-goog-content-length-range 10,12', async (_size, body, code, message) => {
    const headers = { 'x-goog-content-length-range': '10,12' };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    expect(await put(url, headers, body)).toEqual(refused(400, code, message));
  });

  it('holds the length of a body that is not announced to its range', async () => {
    const headers = { 'x-goog-content-length-range': '0,12' };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    const body = new Blob(['x'.repeat(13)]).stream();
    const response = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('EntityTooLarge')]);
  });

  it('writes the body whose hash was signed and no other', async () => {
    const headers = { 'x-goog-content-sha256': createHash('sha256').update('the body').digest('hex') };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    expect(await put(url, headers, 'the body')).toEqual({ status: 200, body: '' });
    expect(await put(url, headers, 'another!')).toEqual(refused(400, 'BadDigest', 'x-goog-content-sha256'));
  });

  it('writes the body whose CRC32C was signed and no other', async () => {
    const headers = { 'x-goog-hash': 'crc32c=mnG7TA==' };
    const url = await fixture.sign(name, 'write', { extensionHeaders: headers });
    expect(await put(url, headers, 'hello')).toEqual({ status: 200, body: '' });
    expect(await put(url, headers, 'other')).toEqual(refused(400, 'BadDigest', 'CRC32C'));
  });
});
