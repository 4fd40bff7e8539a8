import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('an object', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('objects');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  async function anObject(name: string, content = 'content') {
    const file = bucket.file(name);
    await file.save(content, {
      resumable: false,
      contentType: 'text/plain',
      metadata: { metadata: { a: '1', b: '2' } },
    });
    return file;
  }

  it('gets a larger generation with each content, and a larger metageneration with each patch', async () => {
    const file = await anObject('versions');
    const [first] = await file.getMetadata();
    const [patched] = await file.setMetadata({ contentType: 'text/html' });
    await file.save('again', { resumable: false });
    const [second] = await file.getMetadata();
    expect([patched.generation, patched.metageneration]).toEqual([first.generation, '2']);
    expect(Number(second.generation)).toBeGreaterThan(Number(first.generation));
    expect(second.metageneration).toBe('1');
  });

  it('keeps metadata that a patch does not name, and loses what it sets to null', async () => {
    const file = await anObject('patched');
    const [metadata] = await file.setMetadata({ metadata: { b: null, c: '3' }, cacheControl: 'no-store' });
    expect(metadata).toMatchObject({
      contentType: 'text/plain',
      cacheControl: 'no-store',
      metadata: { a: '1', c: '3' },
    });
    expect(metadata.metadata).not.toHaveProperty('b');
  });

  it.each([
    [
      'overwritten',
      (stale: number) =>
        bucket.file('guarded').save('x', { resumable: false, preconditionOpts: { ifGenerationMatch: stale } }),
    ],
    ['patched', () => bucket.file('guarded').setMetadata({ cacheControl: 'x' }, { ifMetagenerationMatch: 99 })],
    ['deleted', (stale: number) => bucket.file('guarded').delete({ ifGenerationMatch: stale })],
  ])('is not %s under a condition that does not hold', async (_what, act) => {
    await anObject('guarded');
    await expect(act(1)).rejects.toMatchObject({ code: 412 });
    const [content] = await bucket.file('guarded').download();
    expect(content.toString()).toBe('content');
  });

  it('is overwritten under the generation that it has', async () => {
    const file = await anObject('swapped');
    const [{ generation }] = await file.getMetadata();
    await file.save('swapped', { resumable: false, preconditionOpts: { ifGenerationMatch: Number(generation) } });
    const [content] = await file.download();
    expect(content.toString()).toBe('swapped');
  });

  it('is created by exactly one of many writers under ifGenerationMatch 0', async () => {
    const attempts = Array.from({ length: 10 }, (_none, writer) =>
      bucket.file('raced').save(`writer ${writer}`, { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is refused when it does not have the MD5 that its metadata names', async () => {
    const file = bucket.file('wrong-md5');
    const upload = file.save('x', {
      resumable: false,
      validation: false,
      metadata: { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    });
    await expect(upload).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('AAAAAAAAAAAAAAAAAAAAAA=='),
    });
  });

  it.each([
    ['temporaryHold', { temporaryHold: true }],
    ['eventBasedHold', { eventBasedHold: true }],
  ])('is refused with %s, which the local server would not keep', async (field, metadata) => {
    await expect(bucket.file('held').save('x', { resumable: false, metadata })).rejects.toMatchObject({
      code: 501,
      message: expect.stringContaining(field),
    });
  });

  it('is refused under a key of the customer, which the local server would not use', async () => {
    const file = bucket.file('encrypted', { encryptionKey: Buffer.alloc(32) });
    await expect(file.save('x', { resumable: false })).rejects.toMatchObject({ code: 501 });
  });

  it('has a name of up to 1024 bytes', async () => {
    await expect(bucket.file('ü'.repeat(512)).save('x', { resumable: false })).resolves.toBeUndefined();
    await expect(bucket.file(`${'ü'.repeat(512)}x`).save('x', { resumable: false })).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('1025 bytes'),
    });
  });

  it('is listed below its folder, page by page', async () => {
    for (const name of ['tree/a', 'tree/b/1', 'tree/b/2', 'tree/c']) await anObject(name);
    const [files, , response] = await bucket.getFiles({ prefix: 'tree/', delimiter: '/', autoPaginate: false });
    expect(files.map(({ name }) => name)).toEqual(['tree/a', 'tree/c']);
    expect(response).toMatchObject({ prefixes: ['tree/b/'] });
    const [firstPage, nextQuery] = await bucket.getFiles({ prefix: 'tree/', maxResults: 3, autoPaginate: false });
    const [secondPage, noQuery] = await bucket.getFiles({ ...nextQuery, autoPaginate: false });
    expect([...firstPage, ...secondPage].map(({ name }) => name)).toEqual(['tree/a', 'tree/b/1', 'tree/b/2', 'tree/c']);
    expect([firstPage.length, noQuery]).toEqual([3, null]);
  });
});
