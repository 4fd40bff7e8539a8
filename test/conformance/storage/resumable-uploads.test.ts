import { randomBytes } from 'node:crypto';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

const quantumBytes = 256 * 1024;
const weekMs = 7 * 24 * 60 * 60 * 1000;

describe('a resumable upload', () => {
  let clock: ManualClock;
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    clock = createManualClock();
    fixture = await startStorageFixture(clock);
    bucket = fixture.storage.bucket('uploads');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  let name: string;
  let objects = 0;
  beforeEach(() => {
    name = `object ${objects++}`;
  });

  async function start(query = '', headers: Record<string, string> = {}): Promise<string> {
    const url = `${fixture.origin}/upload/storage/v1/b/uploads/o?uploadType=resumable&name=${encodeURIComponent(name)}${query}`;
    const response = await fetch(url, { method: 'POST', headers });
    expect(response.status).toBe(200);
    return response.headers.get('location') ?? '';
  }

  async function put(session: string, contentRange: string, body: Buffer | string = '') {
    const init = { method: 'PUT', headers: { 'content-range': contentRange }, body: new Uint8Array(Buffer.from(body)) };
    const response = await fetch(session, { ...init, redirect: 'manual' });
    const text = await response.text();
    return { status: response.status, range: response.headers.get('range'), text };
  }

  const stored = async () => (await bucket.file(name).download())[0];
  const exists = async () => (await bucket.file(name).exists())[0];
  const incomplete = (lastByte: number | null) => ({
    status: 308,
    range: lastByte === null ? null : `bytes=0-${lastByte}`,
    text: '',
  });

  it('of the client keeps content type, metadata and generation condition from its start', async () => {
    const file = bucket.file(name);
    await file.save('content', {
      resumable: true,
      contentType: 'text/x-upload',
      metadata: { metadata: { owner: 'me' } },
      preconditionOpts: { ifGenerationMatch: 0 },
    });
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({ contentType: 'text/x-upload', metadata: { owner: 'me' } });
  });

  it('of the client is refused at its start when the object exists under ifGenerationMatch 0', async () => {
    const file = bucket.file(name);
    await file.save('first');
    await expect(
      file.save('second', { resumable: true, preconditionOpts: { ifGenerationMatch: 0 } }),
    ).rejects.toMatchObject({
      status: 412,
    });
  });

  it('goes on in the client from a session that another process created', async () => {
    const file = bucket.file(name);
    const [uri] = await file.createResumableUpload();
    await file.save('content', { resumable: true, uri });
    expect((await stored()).toString()).toBe('content');
  });

  it('stores nothing before its last chunk', async () => {
    const session = await start();
    expect(await put(session, `bytes 0-${quantumBytes - 1}/*`, Buffer.alloc(quantumBytes))).toEqual(
      incomplete(quantumBytes - 1),
    );
    expect(await exists()).toBe(false);
  });

  it('tells where it stands when asked, from nothing to the whole object', async () => {
    const session = await start();
    expect(await put(session, 'bytes */*')).toEqual(incomplete(null));
    await put(session, `bytes 0-${quantumBytes - 1}/*`, Buffer.alloc(quantumBytes));
    expect(await put(session, 'bytes */*')).toEqual(incomplete(quantumBytes - 1));
    await put(session, `bytes ${quantumBytes}-${quantumBytes}/${quantumBytes + 1}`, 'x');
    expect(await put(session, 'bytes */*')).toMatchObject({
      status: 200,
      text: expect.stringContaining(`"size":"${quantumBytes + 1}"`),
    });
  });

  it('answers a repeated last chunk with the same object, not with a second generation', async () => {
    const session = await start();
    const first = await put(session, 'bytes 0-4/5', 'hello');
    const second = await put(session, 'bytes 0-4/5', 'hello');
    expect(second).toEqual(first);
  });

  it('keeps whole quanta of 256 KiB of an unfinished chunk, and takes the rest again', async () => {
    const content = randomBytes(quantumBytes + 100);
    const session = await start();
    expect(await put(session, `bytes 0-${quantumBytes + 49}/*`, content.subarray(0, quantumBytes + 50))).toEqual(
      incomplete(quantumBytes - 1),
    );
    await put(
      session,
      `bytes ${quantumBytes}-${quantumBytes + 99}/${quantumBytes + 100}`,
      content.subarray(quantumBytes),
    );
    expect((await stored()).equals(content)).toBe(true);
  });

  it('skips bytes that it already has', async () => {
    const content = randomBytes(quantumBytes + 10);
    const session = await start();
    await put(session, `bytes 0-${quantumBytes - 1}/*`, content.subarray(0, quantumBytes));
    await put(session, `bytes 0-${quantumBytes + 9}/${quantumBytes + 10}`, content);
    expect((await stored()).equals(content)).toBe(true);
  });

  it('answers 503 to a chunk that begins after the bytes it has, and goes on from there', async () => {
    const session = await start();
    expect(await put(session, 'bytes 5-9/10', 'world')).toMatchObject({
      status: 503,
      text: expect.stringContaining('byte 5'),
    });
    expect(await put(session, 'bytes 0-9/10', 'helloworld')).toMatchObject({ status: 200 });
  });

  it('ends empty with a total of nothing', async () => {
    const session = await start();
    expect(await put(session, 'bytes */0')).toMatchObject({ status: 200 });
    expect((await stored()).length).toBe(0);
  });

  it.each([
    ['bytes nonsense', 'abc', 'bytes nonsense'],
    ['bytes 0-9/10', 'abc', 'announces 10 byte(s), the body has 3'],
    ['bytes 0-*/5', 'abc', 'ends at 3 byte(s), but 5 were announced'],
    ['bytes 3-1/*', 'abc', 'ends before it starts'],
  ])('refuses %s over three bytes, and the refusal says why', async (contentRange, body, message) => {
    const session = await start();
    expect(await put(session, contentRange, body)).toMatchObject({
      status: 400,
      text: expect.stringContaining(message),
    });
    expect(await exists()).toBe(false);
  });

  it.each([
    ['a shorter end', '5', 'bytes 0-*/*', 'abc'],
    ['a longer end', '5', 'bytes 0-*/*', 'abcdef'],
    ['a shorter total', '5', 'bytes 0-2/3', 'abc'],
    ['a longer total', '5', 'bytes 0-5/6', 'abcdef'],
    ['a chunk that goes beyond it', '5', 'bytes 0-5/*', 'abcdef'],
    ['an end after nothing', '5', 'bytes */0', ''],
  ])('fails with %s than X-Upload-Content-Length announced: %s byte(s), then %s', async (_, declared, range, body) => {
    const session = await start('', { 'x-upload-content-length': declared });
    expect(await put(session, range, body)).toMatchObject({
      status: 400,
      text: expect.stringContaining(`but ${declared} were announced`),
    });
    expect(await exists()).toBe(false);
  });

  it.each([
    'bytes 0-4/5',
    'bytes 0-4/*',
    'bytes 0-*/5',
    'bytes 0-*/*',
  ])('is complete as soon as it has what X-Upload-Content-Length announced: %s', async (range) => {
    const session = await start('', { 'x-upload-content-length': '5' });
    expect(await put(session, range, 'hello')).toMatchObject({ status: 200 });
    expect((await stored()).toString()).toBe('hello');
  });

  it('checks its precondition again at its end, because the object may have come meanwhile', async () => {
    const session = await start('&ifGenerationMatch=0');
    await bucket.file(name).save('sooner', { resumable: false });
    expect(await put(session, 'bytes 0-4/5', 'later')).toMatchObject({ status: 412 });
    expect((await stored()).toString()).toBe('sooner');
  });

  it('is over when its end was refused: its bytes can never become the object', async () => {
    const session = await start('&ifGenerationMatch=0');
    await bucket.file(name).save('sooner', { resumable: false });
    await put(session, 'bytes 0-4/5', 'later');
    expect(await put(session, 'bytes */*')).toMatchObject({ status: 404 });
  });

  it('refuses a checksum that is not that of the bytes', async () => {
    const session = await start('', { 'x-goog-hash': 'crc32c=AAAAAA==' });
    expect(await put(session, 'bytes 0-4/5', 'hello')).toMatchObject({
      status: 400,
      text: expect.stringContaining('CRC32C \\"AAAAAA==\\" doesn\'t match calculated CRC32C \\"mnG7TA==\\"'),
    });
    expect(await exists()).toBe(false);
  });

  it('is gone when it is cancelled', async () => {
    const session = await start();
    const cancelled = await fetch(session, { method: 'DELETE' });
    expect(cancelled.status).toBe(499);
    expect(await put(session, 'bytes 0-4/5', 'hello')).toMatchObject({ status: 404 });
  });

  it('lives to the last millisecond of a week', async () => {
    const session = await start();
    clock.advance(weekMs - 1);
    expect(await put(session, 'bytes */*')).toEqual(incomplete(null));
    clock.advance(1);
    expect(await put(session, 'bytes */*')).toMatchObject({
      status: 404,
      text: expect.stringContaining('older than a week'),
    });
  });

  it('tells a client that cannot take a 308 in a 200', async () => {
    const session = await start();
    const response = await fetch(session, {
      method: 'PUT',
      headers: { 'content-range': 'bytes */*', 'x-guploader-no-308': 'yes' },
    });
    expect([response.status, response.headers.get('x-http-status-code-override')]).toEqual([200, '308']);
  });
});
