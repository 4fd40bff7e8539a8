import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

/**
 * Under STORAGE_EMULATOR_HOST the clients send these requests: no `/storage/v1` before `/b`, uploads below `/upload`.
 * They are sent here as they are on the wire, since the variable would reach every test of this process.
 */
describe('the paths that clients use under STORAGE_EMULATOR_HOST', () => {
  let fixture: StorageFixture;
  beforeAll(async () => {
    fixture = await startStorageFixture();
  });
  afterAll(() => fixture.close());

  const multipart = [
    '--cut',
    'Content-Type: application/json',
    '',
    '{"name":"dir/one","contentType":"text/plain"}',
    '--cut',
    'Content-Type: text/plain',
    '',
    'one',
    '--cut--',
  ].join('\r\n');
  const json = { 'content-type': 'application/json' };
  const related = { 'content-type': 'multipart/related; boundary=cut' };
  const upload = '/upload/storage/v1/b/emulated/o';

  it('are served from the creation of a bucket to its end', async () => {
    const requests: Array<[string, string, Record<string, string>, string, number, string]> = [
      ['POST', '/b?project=p', json, '{"name":"emulated"}', 200, '"kind":"storage#bucket"'],
      ['GET', '/b?project=p', {}, '', 200, '"name":"emulated"'],
      ['GET', '/b/emulated', {}, '', 200, '"name":"emulated"'],
      ['PATCH', '/b/emulated', json, '{"labels":{"a":"b"}}', 200, '"labels":{"a":"b"}'],
      ['POST', `${upload}?uploadType=multipart`, related, multipart, 200, '"name":"dir/one"'],
      ['POST', `${upload}?uploadType=multipart&name=named`, related, multipart, 200, '"name":"named"'],
      [
        'POST',
        `${upload}?uploadType=media&name=two`,
        { 'content-type': 'text/css' },
        'two',
        200,
        '"contentType":"text/css"',
      ],
      ['GET', '/b/emulated/o', {}, '', 200, '"kind":"storage#objects"'],
      ['GET', '/b/emulated/o?prefix=dir%2F', {}, '', 200, '"name":"dir/one"'],
      ['GET', '/b/emulated/o/dir%2Fone', {}, '', 200, '"size":"3"'],
      ['GET', '/b/emulated/o/dir%2Fone?alt=media', {}, '', 200, 'one'],
      ['GET', '/download/storage/v1/b/emulated/o/dir%2Fone?alt=media', {}, '', 200, 'one'],
      ['PATCH', '/b/emulated/o/dir%2Fone', json, '{"metadata":{"k":"v"}}', 200, '"metadata":{"k":"v"}'],
      ['POST', '/b/emulated/o/two/rewriteTo/b/emulated/o/three', json, '{}', 200, '"done":true'],
      [
        'POST',
        '/b/emulated/o/all/compose',
        json,
        '{"sourceObjects":[{"name":"two"},{"name":"three"}]}',
        200,
        '"componentCount":2',
      ],
      ['GET', '/b/emulated/o/all?alt=media', {}, '', 200, 'twotwo'],
      ['DELETE', '/b/emulated', {}, '', 409, 'not empty'],
      ...['all', 'dir%2Fone', 'named', 'three', 'two'].map(
        (name): [string, string, Record<string, string>, string, number, string] => [
          'DELETE',
          `/b/emulated/o/${name}`,
          {},
          '',
          204,
          '',
        ],
      ),
      ['GET', '/b/emulated/o/two', {}, '', 404, 'No such object: emulated/two'],
      ['DELETE', '/b/emulated', {}, '', 204, ''],
      ['GET', '/b/emulated', {}, '', 404, 'The specified bucket does not exist.'],
    ];
    for (const [method, path, headers, body, status, fragment] of requests) {
      const response = await fetch(`${fixture.origin}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
      const text = await response.text();
      expect([`${method} ${path}`, response.status, text]).toEqual([
        `${method} ${path}`,
        status,
        expect.stringContaining(fragment),
      ]);
    }
  });
});
