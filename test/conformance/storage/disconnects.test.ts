import { once } from 'node:events';
import net from 'node:net';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a client that goes away in the middle of an upload', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('interrupted');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  /** Announces 100 bytes, sends 50 and ends; returns when the server has closed the connection as well. */
  async function sendHalf(method: string, path: string, headers: readonly string[]): Promise<void> {
    const { hostname, port } = new URL(fixture.origin);
    const socket = net.connect({ host: hostname, port: Number(port) });
    socket.resume();
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Content-Length: 100', ...headers];
    socket.end(`${head.join('\r\n')}\r\n\r\n${'x'.repeat(50)}`);
    await once(socket, 'close');
  }

  it.each(['media', 'multipart'])('stores nothing of a %s upload', async (uploadType) => {
    await sendHalf('POST', `/upload/storage/v1/b/interrupted/o?uploadType=${uploadType}&name=half`, [
      'Content-Type: multipart/related; boundary=cut',
    ]);
    expect(await bucket.file('half').exists()).toEqual([false]);
  });

  it('stores nothing through a signed URL, which can then be used again', async () => {
    const [url] = await bucket
      .file('signed')
      .getSignedUrl({ version: 'v4', action: 'write', expires: Date.now() + 60_000 });
    const { pathname, search } = new URL(url);
    await sendHalf('PUT', `${pathname}${search}`, []);
    expect(await bucket.file('signed').exists()).toEqual([false]);
    const whole = await fetch(url, { method: 'PUT', body: 'whole' });
    expect(whole.status).toBe(200);
  });

  it('leaves a resumable upload where it was, to be resumed', async () => {
    const [session] = await bucket.file('resumed').createResumableUpload();
    const { pathname, search } = new URL(session);
    await sendHalf('PUT', `${pathname}${search}`, ['Content-Range: bytes 0-99/100']);
    const status = await fetch(session, { method: 'PUT', headers: { 'content-range': 'bytes */*' } });
    expect([status.status, status.headers.get('range')]).toEqual([308, null]);
    const whole = await fetch(session, { method: 'PUT', headers: { 'content-range': 'bytes 0-4/5' }, body: 'whole' });
    expect(whole.status).toBe(200);
  });

  it('leaves no connection open that would keep the server from closing', async () => {
    const other = await startStorageFixture();
    const { hostname, port } = new URL(other.origin);
    const socket = net.connect({ host: hostname, port: Number(port) });
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
    });
    socket.write(
      `POST /upload/storage/v1/b/any/o?uploadType=media&name=a HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 100\r\n\r\n`,
    );
    await once(socket, 'connect');
    await other.close();
    await expect(closed).resolves.toBeUndefined();
  });
});
