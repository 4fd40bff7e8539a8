import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('the name of an object', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('named');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  it.each([
    'a/b/c',
    '/leading and trailing/',
    'a//b',
    '...',
    '#hash',
    'what?',
    'a&b=c+d',
    '100%',
    'a%2Fb',
    '%',
    'tab\there',
    '\u0000',
    'quotes\'"`',
    '<xml>&amp;',
    'back\\slash',
    'ünïcödé/日本語/💾',
    'e\u0301 is not é',
    '*[{glob}]?',
    '.well-known/other',
    'o/b/rewriteTo/b/x/o/y',
    '__proto__',
    'n'.repeat(1024),
    'ü'.repeat(512),
  ])('may be %j: it is written, read, listed, copied, signed for and deleted under it', async (name) => {
    const file = bucket.file(name);
    await file.save(name, { resumable: false, metadata: { metadata: { written: 'yes' } } });
    const [content] = await file.download();
    const [metadata] = await file.getMetadata();
    const [files] = await bucket.getFiles({ prefix: name });
    await file.copy(bucket.file('copy'));
    const [copied] = await bucket.file('copy').download();
    const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 60_000 });
    const signed = await fetch(url);
    const link = await fetch(metadata.mediaLink ?? '');
    await file.delete();
    const [exists] = await file.exists();
    expect([content, copied, await signed.text(), await link.text(), metadata.name].map(String)).toEqual(
      Array(5).fill(name),
    );
    expect([files.map((listed) => listed.name), exists]).toEqual([[name], false]);
  });

  // The client resolves them before it signs, so a signed URL leads elsewhere; at Google too.
  it.each(['a/../b', 'a/./b'])('may be %j, which nothing resolves', async (name) => {
    await bucket.file(name).save(name, { resumable: false });
    const [content] = await bucket.file(name).download();
    const [files] = await bucket.getFiles();
    expect([content.toString(), files.map((file) => file.name)]).toEqual([name, expect.arrayContaining([name])]);
  });

  it('may be what a resumable upload has in its metadata only', async () => {
    const name = 'ü/#?%2F';
    const start = await fetch(`${fixture.origin}/upload/storage/v1/b/named/o?uploadType=resumable`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    const end = await fetch(start.headers.get('location') ?? '', { method: 'PUT', body: 'resumed' });
    expect(await end.json()).toMatchObject({ name, size: '7' });
  });

  const tooLong = 'n'.repeat(1025);
  const inMetadata = (name: string) => `--cut\r\n\r\n${name}\r\n--cut\r\n\r\nx\r\n--cut--`;
  it.each<[string, string, string, string]>([
    ['empty', 'media&name=', 'x', 'name'],
    ['a dot', 'media&name=.', 'x', 'name'],
    ['two dots', 'media&name=..', 'x', 'name'],
    ['of two lines', 'media&name=a%0Ab', 'x', 'name'],
    ['with a carriage return', 'media&name=a%0Db', 'x', 'name'],
    ['a challenge of the well-known kind', 'media&name=.well-known/acme-challenge/x', 'x', 'name'],
    ['of 1025 bytes', `media&name=${tooLong}`, 'x', '1025 bytes'],
    ['of 513 characters and 1026 bytes', `media&name=${encodeURIComponent('ü'.repeat(513))}`, 'x', '1026 bytes'],
    ['not UTF-8', 'media&name=%FF', 'x', 'name'],
    ['half of a character', 'multipart', inMetadata('{"name":"\\ud800"}'), 'name'],
    ['of two lines in the metadata', 'multipart', inMetadata('{"name":"a\\nb"}'), 'name'],
    ['of two lines at the start of an upload', 'resumable', '{"name":"a\\nb"}', 'name'],
    ['not text at the start of an upload', 'resumable', '{"name":["a"]}', 'name'],
  ])('may not be %s: an upload by uploadType=%.20s is refused with 400 and words that name it', async (_, query, body, named) => {
    const response = await fetch(`${fixture.origin}/upload/storage/v1/b/named/o?uploadType=${query}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=cut' },
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining(named) } },
    ]);
  });

  it.each([
    ['copy', 'rewriteTo/b/named/o'],
    ['move', 'moveTo/o'],
  ])('may not be of two lines after a %s', async (_, action) => {
    await bucket.file('source').save('x', { resumable: false });
    const response = await fetch(`${fixture.origin}/storage/v1/b/named/o/source/${action}/a%0Ab`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('name')]);
  });

  it('is told to be encoded when its slashes are not', async () => {
    const response = await fetch(`${fixture.origin}/storage/v1/b/named/o/a/b`);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('%2F')]);
  });
});

describe('the name of a bucket', () => {
  let fixture: StorageFixture;
  beforeAll(async () => {
    fixture = await startStorageFixture();
  });
  afterAll(() => fixture.close());

  it.each([
    'UPPER',
    'ab',
    '-start',
    'end_',
    'a b',
    'ü12',
    'a'.repeat(64),
    'a..b',
    '10.0.0.1',
  ])('%j breaks the grammar: whatever is asked of it is refused with 400 and the name', async (name) => {
    for (const path of ['', '/o', '/o/object', '/o/object?alt=media', '/iam/testPermissions']) {
      const response = await fetch(`${fixture.origin}/storage/v1/b/${encodeURIComponent(name)}${path}`);
      expect([path, response.status, await response.text()]).toEqual([path, 400, expect.stringContaining(`'${name}'`)]);
    }
  });

  it.each([
    'goog-mine',
    'my-google-bucket',
    'my-g00gle',
  ])('%j is kept for Google: it cannot be created, and is not found', async (name) => {
    await expect(fixture.storage.createBucket(name)).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining(name),
    });
    await expect(fixture.storage.bucket(name).getMetadata()).rejects.toMatchObject({ code: 404 });
  });
});
