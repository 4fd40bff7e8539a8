import http from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a download', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  let mediaUrl: string;
  let generation: string;
  beforeAll(async () => {
    fixture = await startStorageFixture(createManualClock(Date.UTC(2026, 0, 1, 12)));
    bucket = fixture.storage.bucket('downloads');
    await bucket.create();
    const file = bucket.file('digits');
    await file.save('0123456789', { resumable: false, contentType: 'text/plain' });
    generation = String((await file.getMetadata())[0].generation);
    mediaUrl = `${fixture.origin}/storage/v1/b/downloads/o/digits?alt=media`;
  });
  afterAll(() => fixture.close());

  it.each(['/storage/v1', '/download/storage/v1', ''])('is served below %j', async (root) => {
    const response = await fetch(`${fixture.origin}${root}/b/downloads/o/digits?alt=media`);
    expect([response.status, await response.text()]).toEqual([200, '0123456789']);
  });

  it('is what the mediaLink of the object leads to', async () => {
    const [metadata] = await bucket.file('digits').getMetadata();
    const response = await fetch(metadata.mediaLink ?? '');
    expect(await response.text()).toBe('0123456789');
  });

  it.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=5-100', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, 'Request range not satisfiable: bytes=10- of 10 byte(s).', 'bytes */10'],
    ['bytes=2-1', 200, '0123456789', null],
  ])('with Range %s is answered with %d', async (range, status, text, contentRange) => {
    const response = await fetch(mediaUrl, { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it.each([
    [(current: string) => `ifGenerationMatch=${current}`, 200],
    [() => 'ifGenerationMatch=1', 412],
    [() => 'ifGenerationNotMatch=1', 200],
    [(current: string) => `ifGenerationNotMatch=${current}`, 304],
    [() => 'ifMetagenerationMatch=1', 200],
    [() => 'ifMetagenerationMatch=2', 412],
    [() => 'ifMetagenerationNotMatch=1', 304],
    [(current: string) => `generation=${current}`, 200],
    [() => 'generation=1', 404],
  ])('under %s is answered with %d', async (condition, status) => {
    const response = await fetch(`${mediaUrl}&${condition(generation)}`);
    expect(response.status).toBe(status);
  });

  it.each([
    ['if-modified-since', 'Thu, 01 Jan 2026 11:59:59 GMT', 200],
    ['if-modified-since', 'Thu, 01 Jan 2026 12:00:00 GMT', 304],
    ['if-unmodified-since', 'Thu, 01 Jan 2026 11:59:59 GMT', 412],
    ['if-match', '"another"', 412],
  ])('with %s: %s is answered with %d', async (header, value, status) => {
    const response = await fetch(mediaUrl, { headers: { [header]: value } });
    expect(response.status).toBe(status);
  });

  it('with the ETag it had in If-None-Match is answered with 304', async () => {
    const etag = (await fetch(mediaUrl)).headers.get('etag') ?? '';
    const response = await fetch(mediaUrl, { headers: { 'if-none-match': etag } });
    expect(response.status).toBe(304);
  });

  it('shows a disposition that is not ASCII as UTF-8', async () => {
    const file = bucket.file('named');
    await file.save('x', { resumable: false, metadata: { contentDisposition: 'attachment; filename="grün 😀.txt"' } });
    const response = await fetch(`${fixture.origin}/storage/v1/b/downloads/o/named?alt=media`);
    const bytes = Buffer.from(response.headers.get('content-disposition') ?? '', 'latin1');
    expect(bytes.toString('utf8')).toBe('attachment; filename="grün 😀.txt"');
  });

  describe('of an object that was stored compressed', () => {
    const text = 'compress me '.repeat(100);
    beforeAll(async () => {
      await bucket.file('compressed').save(text, { resumable: false, gzip: true, contentType: 'text/plain' });
    });

    const getRaw = (headers: http.OutgoingHttpHeaders) =>
      new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
        http
          .get(
            `${fixture.origin}/storage/v1/b/downloads/o/compressed?alt=media`,
            { headers, agent: false },
            (response) => {
              const parts: Buffer[] = [];
              response.on('data', (part: Buffer) => parts.push(part));
              response.on('end', () =>
                resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(parts) }),
              );
            },
          )
          .on('error', reject);
      });

    it('is decompressed by the client', async () => {
      const [content] = await bucket.file('compressed').download();
      expect(content.toString()).toBe(text);
    });

    it('stays compressed for who accepts that', async () => {
      const { encoding, body } = await getRaw({ 'accept-encoding': 'gzip' });
      expect([encoding, gunzipSync(body).toString()]).toEqual(['gzip', text]);
    });

    it('is decompressed by the server for who does not', async () => {
      const { encoding, body } = await getRaw({});
      expect([encoding, body.toString()]).toEqual([undefined, text]);
    });

    it('stays compressed for everybody under no-transform', async () => {
      await bucket.file('compressed').setMetadata({ cacheControl: 'no-transform' });
      const { encoding, body } = await getRaw({});
      expect([encoding, gunzipSync(body).toString()]).toEqual(['gzip', text]);
    });

    it('is served as it is when it is not gzip at all', async () => {
      await bucket.file('liar').save(gzipSync('x').subarray(0, 5), {
        resumable: false,
        metadata: { contentEncoding: 'gzip' },
      });
      const url = `${fixture.origin}/storage/v1/b/downloads/o/liar?alt=media`;
      const status = await new Promise<number | undefined>((resolve, reject) => {
        http.get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject);
      });
      expect(status).toBe(200);
    });
  });
});
