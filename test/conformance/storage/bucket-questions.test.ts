import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('what a client asks before it works with a bucket', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('asked');
    await bucket.create();
  });
  afterAll(() => fixture.close());

  it('is answered with the permissions that everybody has here, and none that would need a policy', async () => {
    const [permissions] = await bucket.iam.testPermissions(['storage.objects.get', 'storage.buckets.setIamPolicy']);
    expect(permissions).toEqual({ 'storage.objects.get': true, 'storage.buckets.setIamPolicy': false });
  });

  it.each([
    ['asked', 'permissions=storage', 400, 'permissions'],
    ['missing', 'permissions=storage.objects.get', 404, 'bucket does not exist'],
  ])('for the permissions on the bucket %s with %s is refused with %d and words that name %s', async (name, query, status, named) => {
    const response = await fetch(`${fixture.origin}/storage/v1/b/${name}/iam/testPermissions?${query}`);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(named)]);
  });

  it('is answered with the account that acts for Cloud Storage', async () => {
    const [account] = await fixture.storage.getServiceAccount();
    expect(account.emailAddress).toMatch(/^service-\d+@gs-project-accounts\.iam\.gserviceaccount\.com$/);
  });

  it('is answered with the layout of the bucket', async () => {
    const response = await fetch(`${fixture.origin}/storage/v1/b/asked/storageLayout`);
    expect(await response.json()).toMatchObject({ kind: 'storage#storageLayout', bucket: 'asked', location: 'US' });
  });
});
