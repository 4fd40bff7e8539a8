import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bucket, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStorageClient, type StorageFixture, startStorageFixture } from './storage-fixture.ts';

const mebibyte = 1024 * 1024;
const inAMinute = () => Date.now() + 60_000;

const unset = { STORAGE_EMULATOR_HOST: undefined };

describe.each<[string, (origin: string) => { apiEndpoint?: string; env: NodeJS.ProcessEnv }]>([
  ['apiEndpoint', (origin) => ({ apiEndpoint: origin, env: unset })],
  ['STORAGE_EMULATOR_HOST', (origin) => ({ env: { STORAGE_EMULATOR_HOST: origin } })],
])("Google's storage client, unmodified, through %s", (_, pointing) => {
  let fixture: StorageFixture;
  let storage: Storage;
  let bucket: Bucket;
  let hadHost: string | undefined;

  beforeAll(async () => {
    fixture = await startStorageFixture();
    const { apiEndpoint, env } = pointing(fixture.origin);
    hadHost = process.env.STORAGE_EMULATOR_HOST;
    setEmulatorHost(env.STORAGE_EMULATOR_HOST);
    storage = createStorageClient(apiEndpoint, fixture.account);
    bucket = storage.bucket('behaviours');
    await bucket.create();
  });
  afterAll(async () => {
    setEmulatorHost(hadHost);
    await fixture.close();
  });

  it('is pointed at the local server', () => {
    expect(storage.apiEndpoint).toBe(fixture.origin);
  });

  it('creates a bucket, which then exists', async () => {
    const created = storage.bucket('created-by-client');
    await created.create();
    const [exists] = await created.exists();
    expect(exists).toBe(true);
  });

  it('saves a small object with content type and custom metadata', async () => {
    const file = bucket.file('a/b c.txt');
    await file.save('hello', { resumable: false, contentType: 'text/plain', metadata: { metadata: { owner: 'me' } } });
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({
      name: 'a/b c.txt',
      size: '5',
      contentType: 'text/plain',
      metadata: { owner: 'me' },
    });
  });

  it('downloads what was saved, with its checksum validated', async () => {
    const file = bucket.file('downloaded.txt');
    await file.save('hello', { resumable: false });
    const [content] = await file.download();
    expect(content.toString()).toBe('hello');
  });

  it('reads generation, metageneration, size and hashes as strings', async () => {
    const file = bucket.file('metadata.txt');
    await file.save('hello', { resumable: false });
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({
      kind: 'storage#object',
      generation: expect.stringMatching(/^\d+$/),
      metageneration: '1',
      size: '5',
      crc32c: 'mnG7TA==',
      md5Hash: 'XUFAKrxLKna5cZ2REBfFkg==',
    });
  });

  it('creates an object under ifGenerationMatch 0', async () => {
    const file = bucket.file('only-if-new.txt');
    await file.save('first', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    const [exists] = await file.exists();
    expect(exists).toBe(true);
  });

  it('is refused with 412 conditionNotMet under ifGenerationMatch 0 when the object exists', async () => {
    const file = bucket.file('already-there.txt');
    await file.save('first', { resumable: false });
    const second = file.save('second', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    await expect(second).rejects.toMatchObject({
      code: 412,
      errors: [expect.objectContaining({ reason: 'conditionNotMet' })],
    });
  });

  it('saves 5 MiB by a resumable upload in one request', async () => {
    const content = randomBytes(5 * mebibyte);
    const file = bucket.file('resumable.bin');
    await file.save(content, { resumable: true });
    const [metadata] = await file.getMetadata();
    expect(metadata.size).toBe(String(5 * mebibyte));
  });

  it('saves 5 MiB and 3 bytes by a resumable upload in chunks of 1 MiB, and downloads it whole', async () => {
    const content = randomBytes(5 * mebibyte + 3);
    const file = bucket.file('chunked.bin');
    await file.save(content, { resumable: true, chunkSize: mebibyte });
    const [downloaded] = await file.download();
    expect(downloaded.equals(content)).toBe(true);
  });

  it('downloads a large object whole', async () => {
    const content = randomBytes(5 * mebibyte + 3);
    const file = bucket.file('whole.bin');
    await file.save(content, { resumable: false });
    const [downloaded] = await file.download();
    expect(downloaded.equals(content)).toBe(true);
  });

  it('reads bytes 10 to 19, which are ten', async () => {
    const file = bucket.file('range.txt');
    await file.save('0123456789abcdefghijklmn', { resumable: false });
    const parts: Buffer[] = [];
    for await (const part of file.createReadStream({ start: 10, end: 19, validation: false })) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('abcdefghij');
  });

  it('writes through a stream what it then reads', async () => {
    const file = bucket.file('streamed.txt');
    await pipeline(Readable.from(['one ', 'two ', 'three']), file.createWriteStream({ resumable: true }));
    const parts: Buffer[] = [];
    for await (const part of file.createReadStream()) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('one two three');
  });

  it('lists by prefix', async () => {
    for (const name of ['list/1', 'list/2', 'other/1']) await bucket.file(name).save('x', { resumable: false });
    const [files] = await bucket.getFiles({ prefix: 'list/' });
    expect(files.map(({ name }) => name)).toEqual(['list/1', 'list/2']);
  });

  it('deletes an object, which then does not exist', async () => {
    const file = bucket.file('deleted.txt');
    await file.save('x', { resumable: false });
    await file.delete();
    const [exists] = await file.exists();
    expect(exists).toBe(false);
  });

  it('is refused with 404 and the name when it downloads what is not there', async () => {
    await expect(bucket.file('never written').download()).rejects.toMatchObject({
      code: 404,
      message: 'No such object: behaviours/never written',
    });
  });

  it('signs a V4 URL that fetch can read', async () => {
    const file = bucket.file('signed read.txt');
    await file.save('signed', { resumable: false });
    const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', expires: inAMinute() });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, 'signed']);
  });

  it('signs a V4 URL that fetch can write with a content type, and downloads what was written', async () => {
    const file = bucket.file('signed write.txt');
    const [url] = await file.getSignedUrl({
      version: 'v4',
      action: 'write',
      expires: inAMinute(),
      contentType: 'text/plain',
    });
    const response = await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'written' });
    const [content] = await file.download();
    expect([response.status, content.toString()]).toEqual([200, 'written']);
  });
});

/** The client reads the variable of this file's process object, which no other test file sees. */
function setEmulatorHost(origin: string | undefined): void {
  if (origin === undefined) delete process.env.STORAGE_EMULATOR_HOST;
  else process.env.STORAGE_EMULATOR_HOST = origin;
}
