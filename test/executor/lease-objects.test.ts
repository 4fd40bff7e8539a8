import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../executor/http-call.ts';
import { createLeaseClient } from '../../executor/lease-client.ts';
import { createLeaseObjects, type LeaseObjects } from '../../executor/lease-objects.ts';
import { aGrant, grantedSecret, type LeaseApi, startLeaseApi } from './support/lease-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'objects-'));
afterAll(() => rmSync(folder, { recursive: true }));

let api: LeaseApi;
let objects: LeaseObjects;
const closers: (() => void | Promise<void>)[] = [];

beforeEach(async () => {
  api = await startLeaseApi(() => aGrant({ request: {} }));
  const client = createLeaseClient({ leaseId: 'l-1', secret: grantedSecret, apiUrl: api.url });
  objects = createLeaseObjects(client, {});
  closers.push(objects.close, client.close, api.close);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const urlCalls = () => api.calls.filter(({ verb }) => verb === 'urls').map(({ body }) => body);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('objects by signed URLs', () => {
  it('are written and read back', async () => {
    await objects.write(
      new Map([
        ['sessions/s/packs/a', Buffer.from('A')],
        ['sessions/s/packs/b', Buffer.from('B')],
      ]),
    );
    const refs = ['a', 'b'].map((name) => ({ object: `sessions/s/packs/${name}`, bytes: 1, sha256: '' }));
    const found = await objects.read(refs);
    expect([...found].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['sessions/s/packs/a', 'A'],
      ['sessions/s/packs/b', 'B'],
    ]);
  });

  it('are asked for in one call, and in parts of 200 when there are more', async () => {
    const names = Array.from({ length: 201 }, (_, index) => `o/${index}`);
    await objects.write(new Map(names.map((name) => [name, Buffer.from(name)])));
    expect(urlCalls().map(({ writes }) => (writes as string[]).length)).toEqual([200, 1]);
    expect(api.objects.size).toBe(201);
  });

  it('need no call for what the assignment brought along', async () => {
    const ref = api.put('o/known', Buffer.from('x'));
    const own = createLeaseObjects(
      { urls: () => Promise.reject(new Error('asked')) },
      { 'o/known': { url: `${api.url}/objects/o/known`, headers: {} } },
    );
    closers.push(own.close);
    expect((await own.read([ref])).size).toBe(1);
  });

  it('that exist already are done', async () => {
    api.put('o/x', Buffer.from('same'));
    await objects.write(new Map([['o/x', Buffer.from('same')]]));
    expect(api.objects.get('o/x')?.toString()).toBe('same');
  });

  it('that exist already are kept, and written anew when they were removed meanwhile', async () => {
    api.put('o/x', Buffer.from('same'));
    api.answer = ({ verb, body }) => {
      if (verb !== 'urls' || !Array.isArray(body.keeps)) return null;
      api.objects.delete('o/x');
      return { status: 200, body: { reads: {}, writes: {}, missing: ['o/x'] } };
    };
    await objects.write(
      new Map([
        ['o/x', Buffer.from('same')],
        ['o/y', Buffer.from('new')],
      ]),
    );
    expect([api.objects.get('o/x')?.toString(), api.objects.get('o/y')?.toString()]).toEqual(['same', 'new']);
    expect(urlCalls().map(({ writes, keeps }) => [writes, keeps])).toEqual([
      [['o/x', 'o/y'], undefined],
      [[], ['o/x']],
      [['o/x'], undefined],
    ]);
  });

  it.each([500, 503, 429, 408])('are tried again after a %d', async (status) => {
    const statuses = [status];
    api.refuseObject = () => statuses.shift() ?? null;
    await objects.write(new Map([['o/x', Buffer.from('x')]]));
    expect(api.objects.has('o/x')).toBe(true);
  });

  it.each([
    [403, 'google/denied'],
    [400, 'google/invalid'],
    [418, 'google/failed'],
  ])('are given up after a %d with %s', async (status, code) => {
    api.refuseObject = () => status;
    await expect(objects.write(new Map([['o/x', Buffer.from('x')]]))).rejects.toMatchObject({ code });
  });

  it('that are not there are not found', async () => {
    const missing = { object: 'o/none', bytes: 1, sha256: '' };
    await expect(objects.read([missing])).rejects.toMatchObject({ code: 'google/not-found' });
  });

  it.each([
    [100_000, 'fulfilled'],
    [100_001, 'rejected'],
  ])('that were announced with 100000 bytes and have %d are %s', async (bytes, status) => {
    const ref = api.put('o/big', Buffer.alloc(bytes));
    const [result] = await Promise.allSettled([objects.read([{ ...ref, bytes: 100_000 }])]);
    expect(result?.status).toBe(status);
  });

  it('keep the rights of their URLs out of errors', async () => {
    const http = createHttpClient('google/unavailable');
    closers.push(http.close);
    const url = 'http://127.0.0.1:1/o?X-Goog-Signature=do-not-show';
    const error = await http
      .call({ url, method: 'GET', headers: {}, timeoutMs: 1000, maxAnswerBytes: 10 })
      .catch((thrown: Error) => thrown);
    expect(String(error)).toContain('[google/unavailable] GET 127.0.0.1:1');
    expect(String(error)).not.toContain('do-not-show');
  });

  it('are downloaded to a file when their hash is right', async () => {
    const ref = api.put('uploads/x', Buffer.from('content'));
    const path = join(folder, 'good');
    await objects.download(ref, path);
    expect(readFileSync(path, 'utf8')).toBe('content');
    await expect(objects.download({ ...ref, sha256: sha256('other') }, path)).rejects.toMatchObject({
      code: 'workspace/corrupt',
    });
  });

  it('are uploaded from a file', async () => {
    const path = join(folder, 'long');
    writeFileSync(path, 'x'.repeat(300_000));
    await objects.upload('executions/e/g1/stdout', { path, bytes: 300_000 });
    expect(api.objects.get('executions/e/g1/stdout')?.toString()).toBe('x'.repeat(300_000));
  });
});
