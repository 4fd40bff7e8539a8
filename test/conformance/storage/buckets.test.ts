import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a bucket', () => {
  let fixture: StorageFixture;
  beforeAll(async () => {
    fixture = await startStorageFixture();
  });
  afterAll(() => fixture.close());

  it('has the location, class, labels and lifecycle that it was created with, and defaults for the rest', async () => {
    const bucket = fixture.storage.bucket('with-settings');
    await bucket.create({
      location: 'europe-west1',
      labels: { team: 'a' },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 1 } }] },
    });
    const [metadata] = await bucket.getMetadata();
    expect(metadata).toMatchObject({
      kind: 'storage#bucket',
      name: 'with-settings',
      location: 'EUROPE-WEST1',
      locationType: 'region',
      storageClass: 'STANDARD',
      metageneration: '1',
      labels: { team: 'a' },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 1 } }] },
      softDeletePolicy: { retentionDurationSeconds: '604800' },
    });
  });

  it('has a storage layout without folders, for a client that asks before it moves objects', async () => {
    await fixture.storage.createBucket('laid-out', { location: 'europe-west1' });
    const answer = await fetch(`${fixture.origin}/storage/v1/b/laid-out/storageLayout`);
    expect(await answer.json()).toEqual({
      kind: 'storage#storageLayout',
      bucket: 'laid-out',
      location: 'EUROPE-WEST1',
      locationType: 'region',
      hierarchicalNamespace: { enabled: false },
    });
  });

  it('has no managed folders, and says so to who lists them', async () => {
    await fixture.storage.createBucket('without-folders');
    const ask = (method: string) => fetch(`${fixture.origin}/storage/v1/b/without-folders/managedFolders`, { method });
    expect(await (await ask('GET')).json()).toEqual({ kind: 'storage#managedFolders', items: [] });
    expect((await ask('POST')).status).toBe(501);
  });

  it('keeps what a patch does not name, and loses what it sets to null', async () => {
    const bucket = fixture.storage.bucket('patched');
    await bucket.create({ labels: { team: 'a', stage: 'b' } });
    await bucket.setMetadata({ labels: { stage: null, extra: 'c' } });
    const [metadata] = await bucket.getMetadata();
    expect(metadata).toMatchObject({ labels: { team: 'a', extra: 'c' }, metageneration: '2', location: 'US' });
    expect(metadata.labels).not.toHaveProperty('stage');
  });

  it('is patched only under the metageneration that it has', async () => {
    const bucket = fixture.storage.bucket('guarded');
    await bucket.create();
    const stale = bucket.setMetadata({ labels: { a: 'b' } }, { ifMetagenerationMatch: 7 });
    await expect(stale).rejects.toMatchObject({ code: 412 });
  });

  it('cannot be created twice', async () => {
    await fixture.storage.createBucket('created-once');
    await expect(fixture.storage.createBucket('created-once')).rejects.toMatchObject({
      code: 409,
      errors: [expect.objectContaining({ reason: 'conflict' })],
    });
  });

  it('cannot be deleted while it holds an object, and is gone once it was', async () => {
    const bucket = fixture.storage.bucket('to-be-deleted');
    await bucket.create();
    await bucket.file('a').save('x', { resumable: false });
    await expect(bucket.delete()).rejects.toMatchObject({ code: 409, message: expect.stringContaining('not empty') });
    await bucket.file('a').delete();
    await bucket.delete();
    expect(await bucket.exists()).toEqual([false]);
  });

  it.each([
    'x',
    'Upper',
    'under score',
    '-dash',
    '192.168.0.1',
    'goog-prefix',
    'my-google',
    'a'.repeat(64),
  ])('cannot be named %j', async (name) => {
    await expect(fixture.storage.createBucket(name)).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining(name),
    });
  });

  it.each(['abc', 'a'.repeat(63), 'with.dots_and-more'])('can be named %j', async (name) => {
    await expect(fixture.storage.createBucket(name)).resolves.toBeDefined();
  });

  it.each([
    [{ versioning: { enabled: true } }, 'versioning.enabled'],
    [{ retentionPolicy: { retentionPeriod: 10 } }, 'retentionPolicy'],
    [{ hierarchicalNamespace: { enabled: true } }, 'hierarchicalNamespace.enabled'],
  ])('with %j is refused, because the local server would not keep the promise', async (settings, named) => {
    await expect(fixture.storage.createBucket('promising', settings)).rejects.toMatchObject({
      code: 501,
      message: expect.stringContaining(named),
    });
  });

  it('is listed by prefix, in pages', async () => {
    for (const name of ['listed-1', 'listed-2', 'listed-3']) await fixture.storage.createBucket(name);
    const [firstPage, nextQuery] = await fixture.storage.getBuckets({
      prefix: 'listed-',
      maxResults: 2,
      autoPaginate: false,
    });
    const [secondPage] = await fixture.storage.getBuckets({ ...nextQuery });
    expect([firstPage, secondPage].map((page) => page.map(({ name }) => name))).toEqual([
      ['listed-1', 'listed-2'],
      ['listed-3'],
    ]);
  });
});
