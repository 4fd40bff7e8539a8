import type { Bucket, FileMetadata } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a condition of a request', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('guarded');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  /** A fresh object; a source with the same content is beside it. */
  async function anObject(): Promise<FileMetadata> {
    for (const name of ['object', 'source']) await bucket.file(name).save('content', { resumable: false });
    const [metadata] = await bucket.file('object').getMetadata();
    return metadata;
  }
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${fixture.origin}${path}`, { method, headers, ...(body !== undefined && { body }) });

  const upload = '/upload/storage/v1/b/guarded/o';
  const object = '/storage/v1/b/guarded/o/object';
  const compose = JSON.stringify({ sourceObjects: [{ name: 'source' }] });
  const writes: [string, string, string, string | undefined][] = [
    ['a simple upload', 'POST', `${upload}?uploadType=media&name=object`, 'new'],
    ['the start of a resumable upload', 'POST', `${upload}?uploadType=resumable&name=object`, '{}'],
    ['a patch', 'PATCH', `${object}?`, '{"contentType":"a/b"}'],
    ['an update', 'PUT', `${object}?`, '{"contentType":"a/b"}'],
    ['a copy', 'POST', '/storage/v1/b/guarded/o/source/copyTo/b/guarded/o/object?', '{}'],
    ['a rewrite', 'POST', '/storage/v1/b/guarded/o/source/rewriteTo/b/guarded/o/object?', '{}'],
    ['a move', 'POST', '/storage/v1/b/guarded/o/source/moveTo/o/object?', undefined],
    ['a compose', 'POST', `${object}/compose?`, compose],
    ['a deletion', 'DELETE', `${object}?`, undefined],
  ];
  const reads: [string, string, string][] = [
    ['a read of the metadata', 'GET', `${object}?`],
    ['a download', 'GET', `${object}?alt=media`],
  ];

  it.each(
    writes,
  )('on %s is refused with 412 when it fails, whichever it is, and then nothing is changed', async (_, method, path, body) => {
    const { generation, metageneration } = await anObject();
    const failing = [
      'ifGenerationMatch=1',
      'ifGenerationMatch=9223372036854775807',
      'ifGenerationMatch=0',
      `ifGenerationNotMatch=${generation}`,
      'ifMetagenerationMatch=77',
      `ifMetagenerationNotMatch=${metageneration}`,
    ];
    for (const condition of failing) {
      const response = await send(method, `${path}&${condition}`, {}, body);
      expect([condition, response.status, await response.text()]).toEqual([
        condition,
        412,
        expect.stringContaining('conditionNotMet'),
      ]);
    }
    expect((await bucket.file('object').getMetadata())[0]).toMatchObject({ generation, metageneration });
  });

  it.each(writes)('on %s is no hindrance when all of them hold', async (_, method, path, body) => {
    const { generation, metageneration } = await anObject();
    const holding = `ifGenerationMatch=${generation}&ifGenerationNotMatch=1&ifMetagenerationMatch=${metageneration}&ifMetagenerationNotMatch=77`;
    const response = await send(method, `${path}&${holding}`, {}, body);
    expect([await response.text(), response.ok]).toEqual([expect.any(String), true]);
  });

  it.each(
    reads,
  )('on %s is answered with 412 for a match that fails and 304 for what the reader has', async (_, method, path) => {
    const { generation, metageneration } = await anObject();
    const statuses: number[] = [];
    for (const condition of [
      'ifGenerationMatch=1',
      'ifMetagenerationMatch=77',
      `ifGenerationNotMatch=${generation}`,
      `ifMetagenerationNotMatch=${metageneration}`,
      `ifGenerationMatch=${generation}&ifMetagenerationMatch=${metageneration}&ifGenerationNotMatch=1`,
    ]) {
      statuses.push((await send(method, `${path}&${condition}`)).status);
    }
    expect(statuses).toEqual([412, 412, 304, 304, 200]);
  });

  it('that there be an object holds for none', async () => {
    const response = await send('POST', `${upload}?uploadType=media&name=new&ifGenerationNotMatch=0`, {}, 'x');
    expect([response.status, (await bucket.file('new').exists())[0]]).toEqual([412, false]);
  });

  it.each([
    ['a patch', 'PATCH', '{"contentType":"a/b"}'],
    ['a deletion', 'DELETE', undefined],
  ])('on the ETag of an object holds for %s', async (_, method, body) => {
    const { etag = '' } = await anObject();
    const failed = await send(method, object, { 'if-match': 'another' }, body);
    const listed = await send(method, object, { 'if-none-match': etag }, body);
    const held = await send(method, object, { 'if-match': etag }, body);
    expect([failed.status, listed.status, held.ok]).toEqual([412, 412, true]);
  });

  it('on the ETag of an object or a bucket holds for a read', async () => {
    await anObject();
    const statuses: [number, number][] = [];
    for (const path of [object, '/storage/v1/b/guarded']) {
      const { etag } = (await (await send('GET', path)).json()) as { etag: string };
      statuses.push([
        (await send('GET', path, { 'if-none-match': etag })).status,
        (await send('GET', path, { 'if-match': 'x' })).status,
      ]);
    }
    expect(statuses).toEqual([
      [304, 412],
      [304, 412],
    ]);
  });
});

describe('the metadata of an object', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('described');
    await bucket.create();
    await bucket.file('object').save('x', { resumable: false });
  });
  afterAll(() => fixture.close());

  const patch = (resource: string, headers: Record<string, string> = {}, method = 'PATCH') =>
    fetch(`${fixture.origin}/storage/v1/b/described/o/object`, { method, headers, body: resource });

  it('has a custom time that only grows, until the object is written anew', async () => {
    const file = bucket.file('timed');
    await file.save('x', { resumable: false, metadata: { customTime: '2026-02-02T00:00:00Z' } });
    await file.setMetadata({ customTime: '2026-02-03T00:00:00Z' });
    for (const customTime of ['2026-02-01T00:00:00Z', null]) {
      const refused = file.setMetadata({ customTime } as FileMetadata);
      await expect(refused).rejects.toMatchObject({ code: 400, message: expect.stringContaining('customTime') });
    }
    await file.save('y', { resumable: false });
    expect((await file.getMetadata())[0].customTime).toBeUndefined();
  });

  it('has custom keys of any name', async () => {
    const response = await patch('{"metadata":{"__proto__":"a","constructor":"b","ü":"c"}}');
    expect(await response.text()).toContain('"metadata":{"__proto__":"a","constructor":"b","ü":"c"}');
  });

  it.each([
    [
      'a custom key and value of more than 8 KiB',
      JSON.stringify({ metadata: { k: 'v'.repeat(8192) } }),
      'the limit is 8192',
    ],
    ['a storage class that does not exist', '{"storageClass":"FROZEN"}', 'storageClass'],
    ['a list for a text', '{"contentType":["a"]}', 'contentType'],
    ['metadata that is a list', '{"metadata":["a"]}', 'metadata'],
  ])('cannot have %s', async (_, resource, named) => {
    const response = await patch(resource);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(named)]);
  });

  it('is patched by a POST that says so, from clients without PATCH', async () => {
    const response = await patch('{"contentType":"over/ridden"}', { 'x-http-method-override': 'PATCH' }, 'POST');
    expect(await response.json()).toMatchObject({ contentType: 'over/ridden' });
  });
});
