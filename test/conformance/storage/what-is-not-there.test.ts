import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('what is not there', () => {
  let fixture: StorageFixture;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    await fixture.storage.bucket('there').create();
    await fixture.storage.bucket('there').file('object').save('x', { resumable: false });
  });
  afterAll(() => fixture.close());

  const bucket = '/storage/v1/b/there';
  const upload = '/upload/storage/v1/b/there/o?uploadType=media&name=x';

  it.each<[string, string, string, string, Record<string, string>, string]>([
    ['object versioning', 'PATCH', bucket, '{"versioning":{"enabled":true}}', {}, 'versioning'],
    [
      'a hierarchical namespace',
      'PATCH',
      bucket,
      '{"hierarchicalNamespace":{"enabled":true}}',
      {},
      'hierarchicalNamespace',
    ],
    ['a retention policy', 'PATCH', bucket, '{"retentionPolicy":{"retentionPeriod":"1"}}', {}, 'retentionPolicy'],
    [
      'the lock of a retention policy',
      'POST',
      `${bucket}/lockRetentionPolicy?ifMetagenerationMatch=1`,
      '',
      {},
      'lockRetentionPolicy',
    ],
    ['retention of an object', 'PATCH', `${bucket}/o/object`, '{"retention":{"mode":"Unlocked"}}', {}, 'retention'],
    [
      'object retention in a new bucket',
      'POST',
      '/storage/v1/b?project=p&enableObjectRetention=true',
      '{"name":"abc"}',
      {},
      'object retention',
    ],
    ['a temporary hold', 'PATCH', `${bucket}/o/object`, '{"temporaryHold":true}', {}, 'temporaryHold'],
    ['an event-based hold', 'PATCH', `${bucket}/o/object`, '{"eventBasedHold":true}', {}, 'eventBasedHold'],
    ['a default event-based hold', 'PATCH', bucket, '{"defaultEventBasedHold":true}', {}, 'defaultEventBasedHold'],
    ['object contexts', 'PATCH', `${bucket}/o/object`, '{"contexts":{"custom":{}}}', {}, 'contexts'],
    ['a default encryption key', 'PATCH', bucket, '{"encryption":{"defaultKmsKeyName":"k"}}', {}, 'encryption'],
    ['an encryption key of Cloud KMS', 'POST', `${upload}&kmsKeyName=k`, 'x', {}, 'kmsKeyName'],
    [
      'an encryption key of the customer',
      'POST',
      upload,
      'x',
      { 'x-goog-encryption-algorithm': 'AES256' },
      'customer-supplied',
    ],
    ['the access control list of an object', 'GET', `${bucket}/o/object/acl`, '', {}, 'access control lists'],
    [
      'an access control list with an object',
      'PATCH',
      `${bucket}/o/object`,
      '{"acl":[{"entity":"allUsers","role":"READER"}]}',
      {},
      'acl',
    ],
    ['the access control list of a bucket', 'GET', `${bucket}/acl`, '', {}, 'acl'],
    ['a default access control list', 'POST', `${bucket}/defaultObjectAcl`, '{}', {}, 'defaultObjectAcl'],
    [
      'an upload that anybody may read',
      'POST',
      `${upload}&predefinedAcl=publicRead`,
      'x',
      {},
      'predefinedAcl=publicRead',
    ],
    [
      'a bucket that anybody may read',
      'PATCH',
      `${bucket}?predefinedAcl=publicRead`,
      '{}',
      {},
      'predefinedAcl=publicRead',
    ],
    ['the IAM policy of a bucket', 'GET', `${bucket}/iam`, '', {}, 'iam'],
    ['a new IAM policy of a bucket', 'PUT', `${bucket}/iam`, '{"bindings":[]}', {}, 'iam'],
    ['the IAM policy of an object', 'GET', `${bucket}/o/object/iam`, '', {}, 'IAM'],
    ['notifications', 'POST', `${bucket}/notificationConfigs`, '{}', {}, 'notificationConfigs'],
    ['folders', 'GET', `${bucket}/folders`, '', {}, 'folders'],
    ['a managed folder', 'POST', `${bucket}/managedFolders`, '{}', {}, 'managedFolders'],
    ['HMAC keys', 'GET', '/storage/v1/projects/p/hmacKeys', '', {}, 'hmacKeys'],
    ['soft-deleted buckets', 'GET', '/storage/v1/b?project=p&softDeleted=true', '', {}, 'soft-deleted buckets'],
    ['the restoring of a bucket', 'POST', `${bucket}/restore?generation=1`, '', {}, 'restore'],
    ['the restoring of many objects', 'POST', `${bucket}/o/bulkRestore`, '{}', {}, 'bulkRestore'],
    ['watching the objects of a bucket', 'POST', `${bucket}/o/watch`, '{}', {}, 'watch'],
    [
      'the deletion of the sources of a compose',
      'POST',
      `${bucket}/o/all/compose`,
      '{"sourceObjects":[{"name":"object"}],"deleteSourceObjects":true}',
      {},
      'deleteSourceObjects',
    ],
    ['batch requests', 'POST', '/batch/storage/v1', '', {}, 'batch'],
  ])('%s is refused with 501, by name: %s %s %s', async (_, method, path, body, headers, named) => {
    const response = await fetch(`${fixture.origin}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
    expect([response.status, await response.json()]).toEqual([
      501,
      {
        error: {
          code: 501,
          message: expect.stringContaining(named),
          errors: [expect.objectContaining({ domain: 'global', reason: 'notImplemented' })],
        },
      },
    ]);
  });

  it.each<[string, string, string, Record<string, string>]>([
    ['forms with a policy document', 'POST', '/there', { 'content-type': 'multipart/form-data; boundary=cut' }],
    ['V2 signatures', 'GET', '/there/object?GoogleAccessId=a&Expires=1&Signature=s', {}],
  ])('%s: a %s of %s is refused with 501 and XML', async (what, method, path, headers) => {
    const response = await fetch(`${fixture.origin}${path}`, { method, headers });
    expect([response.status, await response.text()]).toEqual([
      501,
      expect.stringMatching(new RegExp(`<Code>NotImplemented</Code>.*${what}`, 's')),
    ]);
  });

  it('making an object public is refused with 501: nobody is left to believe that it is', async () => {
    const file = fixture.storage.bucket('there').file('object');
    await expect(file.makePublic()).rejects.toMatchObject({ code: 501 });
    expect(await file.isPublic()).toEqual([false]);
  });
});
