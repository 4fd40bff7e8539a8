import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outcomeOf, refused, type SigningFixture, signatureMismatch, startSigningFixture } from './signing-fixture.ts';

describe('a V4 signed URL that was altered', () => {
  let fixture: SigningFixture;
  let name: string;
  beforeAll(async () => {
    fixture = await startSigningFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    name = await fixture.anObject();
  });

  const alter = (url: string, change: (parsed: URL) => void) => {
    const parsed = new URL(url);
    change(parsed);
    return parsed.href;
  };

  it('in its path is refused', async () => {
    await fixture.bucket.file('other.txt').save('secret', { resumable: false });
    const url = alter(await fixture.sign(name, 'read'), (parsed) => {
      parsed.pathname = '/signed/other.txt';
    });
    expect(await outcomeOf(url)).toEqual(signatureMismatch);
  });

  it.each(['PUT', 'DELETE'])('into a %s is refused', async (method) => {
    expect(await outcomeOf(await fixture.sign(name, 'read'), { method })).toEqual(signatureMismatch);
    const [exists] = await fixture.bucket.file(name).exists();
    expect(exists).toBe(true);
  });

  it.each([
    ['a longer life', 'X-Goog-Expires', '604800'],
    ['another generation', 'generation', '1'],
  ])('to have %s is refused', async (_what, parameter, value) => {
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) => searchParams.set(parameter, value));
    expect(await outcomeOf(url)).toEqual(signatureMismatch);
  });

  it('to have a later date is refused', async () => {
    const later = new Date(fixture.clock.now() + 1000).toISOString().replace(/[-:]|\.\d+/g, '');
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) => searchParams.set('X-Goog-Date', later));
    expect(await outcomeOf(url)).toEqual(signatureMismatch);
  });

  it('in one digit of its signature is refused', async () => {
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) => {
      const signature = searchParams.get('X-Goog-Signature') ?? '';
      searchParams.set(
        'X-Goog-Signature',
        signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      );
    });
    expect(await outcomeOf(url)).toEqual(signatureMismatch);
  });

  it.each([
    ['X-Goog-Algorithm', 'GOOG4-HMAC-SHA256', 400, 'MalformedSecurityHeader', 'X-Goog-Algorithm.*GOOG4-HMAC-SHA256'],
    ['X-Goog-Credential', 'somebody', 400, 'MalformedSecurityHeader', 'X-Goog-Credential.*somebody'],
    ['X-Goog-Credential', 'a@b.c/20000101/auto/storage/goog4_request', 400, 'MalformedSecurityHeader', '20000101'],
    ['X-Goog-Date', '2026-01-01', 400, 'MalformedSecurityHeader', 'X-Goog-Date.*2026-01-01'],
    ['X-Goog-Date', '20261301T000000Z', 400, 'MalformedSecurityHeader', 'X-Goog-Date'],
    ['X-Goog-Expires', '604801', 400, 'MalformedSecurityHeader', 'X-Goog-Expires.*604800'],
    ['X-Goog-Expires', '0', 400, 'MalformedSecurityHeader', 'X-Goog-Expires'],
    ['X-Goog-Expires', '1e3', 400, 'MalformedSecurityHeader', 'X-Goog-Expires'],
    ['X-Goog-SignedHeaders', 'content-type', 400, 'MalformedSecurityHeader', 'host header must be signed'],
    ['X-Goog-Signature', 'zz', 400, 'MalformedSecurityHeader', 'not hexadecimal'],
    ['X-Goog-Signature', '', 400, 'InvalidArgument', 'X-Goog-Signature must be given once'],
  ])('so that %s is %j is refused, and the refusal names it', async (parameter, value, status, code, details) => {
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) => searchParams.set(parameter, value));
    expect(await outcomeOf(url)).toEqual(refused(status, code, details));
  });

  it.each([
    'Algorithm',
    'Credential',
    'Date',
    'Expires',
    'SignedHeaders',
    'Signature',
  ])('by leaving X-Goog-%s out is refused, and the refusal names it', async (parameter) => {
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) =>
      searchParams.delete(`X-Goog-${parameter}`),
    );
    expect(await outcomeOf(url)).toEqual(refused(400, 'InvalidArgument', `X-Goog-${parameter} must be given once`));
  });

  it('by giving a parameter twice is refused', async () => {
    const url = alter(await fixture.sign(name, 'read'), ({ searchParams }) =>
      searchParams.append('X-Goog-Expires', '60'),
    );
    expect(await outcomeOf(url)).toEqual(refused(400, 'InvalidArgument', 'given 2 time'));
  });
});
