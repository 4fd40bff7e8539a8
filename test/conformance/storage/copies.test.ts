import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a copy', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  let other: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('copies');
    other = fixture.storage.bucket('other-bucket');
    await bucket.create();
    await other.create();
    await bucket.file('dir/source').save('content', {
      resumable: false,
      contentType: 'text/plain',
      metadata: { metadata: { owner: 'me' } },
    });
  });
  afterAll(() => fixture.close());

  const source = () => bucket.file('dir/source');
  const read = async (of: Bucket, name: string) => (await of.file(name).download())[0].toString();

  it('has the content and metadata of its source, in another bucket too', async () => {
    await source().copy(other.file('a/copy'));
    const [metadata] = await other.file('a/copy').getMetadata();
    expect(await read(other, 'a/copy')).toBe('content');
    expect(metadata).toMatchObject({ contentType: 'text/plain', metadata: { owner: 'me' } });
  });

  it('has the metadata that it was asked to have in place of its source’s', async () => {
    await source().copy('renamed', { contentType: 'text/html', metadata: { owner: 'you' } });
    const [metadata] = await bucket.file('renamed').getMetadata();
    expect(metadata).toMatchObject({ contentType: 'text/html', metadata: { owner: 'you' } });
  });

  it('keeps its metadata when only the storage class is changed', async () => {
    await source().copy('classed');
    await bucket.file('classed').setStorageClass('nearline');
    const [metadata] = await bucket.file('classed').getMetadata();
    expect(metadata).toMatchObject({ storageClass: 'NEARLINE', contentType: 'text/plain' });
  });

  it('is not made of what is not there', async () => {
    await expect(bucket.file('missing').copy('anything')).rejects.toMatchObject({
      code: 404,
      message: 'No such object: copies/missing',
    });
  });

  it('is not made over an object under ifGenerationMatch 0', async () => {
    await source().copy('taken');
    await expect(source().copy('taken', { preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject({
      code: 412,
    });
  });

  it('is not made of another generation than the one named', async () => {
    await expect(bucket.file('dir/source', { generation: 1 }).copy('anything')).rejects.toMatchObject({ code: 404 });
  });

  it('is made only of the source generation under ifSourceGenerationMatch', async () => {
    const url = `${fixture.origin}/storage/v1/b/copies/o/dir%2Fsource/copyTo/b/copies/o/guarded`;
    const stale = await fetch(`${url}?ifSourceGenerationMatch=1`, { method: 'POST' });
    const [{ generation }] = await source().getMetadata();
    const current = await fetch(`${url}?ifSourceGenerationMatch=${generation}`, { method: 'POST' });
    expect([stale.status, current.status]).toEqual([412, 200]);
    expect(await current.json()).toMatchObject({ kind: 'storage#object', name: 'guarded' });
  });

  it('takes the place of its source when it is a move', async () => {
    await source().copy('to-be-moved');
    await bucket.file('to-be-moved').move('moved');
    expect([await read(bucket, 'moved'), await bucket.file('to-be-moved').exists()]).toEqual(['content', [false]]);
  });

  it('takes the place of its source in one step when the move is atomic', async () => {
    await source().copy('to-be-moved');
    await bucket.file('to-be-moved').moveFileAtomic('moved/at-once');
    expect([await read(bucket, 'moved/at-once'), await bucket.file('to-be-moved').exists()]).toEqual([
      'content',
      [false],
    ]);
  });
});

describe('a composed object', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('composed');
    await bucket.create();
    for (const name of ['1', '2', '3']) await bucket.file(name).save(`part ${name};`, { resumable: false });
  });
  afterAll(() => fixture.close());

  const compose = (body: unknown) =>
    fetch(`${fixture.origin}/storage/v1/b/composed/o/all/compose`, { method: 'POST', body: JSON.stringify(body) });

  it('is its sources in order, counts them, and has no MD5', async () => {
    await bucket.combine(['1', '3', '2'], 'all.txt');
    const [metadata] = await bucket.file('all.txt').getMetadata();
    expect((await bucket.file('all.txt').download())[0].toString()).toBe('part 1;part 3;part 2;');
    expect(metadata).toMatchObject({ componentCount: 3, contentType: 'text/plain' });
    expect(metadata).not.toHaveProperty('md5Hash');
  });

  it('counts the parts of composed parts, and may be its own source', async () => {
    await bucket.combine(['1', '2'], 'growing.txt');
    await bucket.combine(['growing.txt', '3'], 'growing.txt');
    const [metadata] = await bucket.file('growing.txt').getMetadata();
    expect([metadata.componentCount, metadata.size]).toEqual([3, '21']);
  });

  it.each([
    ['no source', { sourceObjects: [] }, 400, 'sourceObjects must name at least one'],
    ['33 sources', { sourceObjects: Array(33).fill({ name: '1' }) }, 400, '(33) exceeds the maximum (32)'],
    ['a source without a name', { sourceObjects: [{ name: '1' }, {}] }, 400, 'sourceObjects[1].name'],
    ['a source that is not there', { sourceObjects: [{ name: 'missing' }] }, 404, 'composed/missing'],
    ['another generation', { sourceObjects: [{ name: '1', generation: '1' }] }, 404, 'composed/1'],
    [
      'a condition that does not hold',
      { sourceObjects: [{ name: '1', objectPreconditions: { ifGenerationMatch: 1 } }] },
      412,
      'pre-conditions',
    ],
    [
      'a generation that is no number',
      { sourceObjects: [{ name: '1', generation: 'x' }] },
      400,
      'sourceObjects[0].generation',
    ],
  ])('of %s is refused', async (_what, body, status, message) => {
    const response = await compose(body);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(message)]);
  });

  it('may have 32 sources', async () => {
    const response = await compose({ sourceObjects: Array(32).fill({ name: '1' }) });
    expect(await response.json()).toMatchObject({ componentCount: 32, size: String(32 * 7) });
  });
});
