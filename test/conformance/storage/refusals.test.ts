import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a malformed request', () => {
  let fixture: StorageFixture;
  beforeAll(async () => {
    fixture = await startStorageFixture();
    await fixture.storage.createBucket('there');
    await fixture.storage.bucket('there').file('object').save('x', { resumable: false });
  });
  afterAll(() => fixture.close());

  const upload = '/upload/storage/v1/b/there/o';
  const related = { 'content-type': 'multipart/related; boundary=cut' };
  const twoParts = (metadata: string) => `--cut\r\n\r\n${metadata}\r\n--cut\r\n\r\nx\r\n--cut--`;

  it.each<[string, string, Record<string, string>, string, number, string, string]>([
    ['POST', '/storage/v1/b', {}, '{"name":"abc"}', 400, 'required', 'project'],
    ['GET', '/storage/v1/b', {}, '', 400, 'required', 'project'],
    ['POST', '/storage/v1/b?project=p', {}, '{}', 400, 'required', 'name'],
    ['POST', '/storage/v1/b?project=p', {}, '{"name":', 400, 'invalid', 'not JSON'],
    ['POST', '/storage/v1/b?project=p', {}, '[]', 400, 'invalid', 'not a JSON object'],
    ['POST', '/storage/v1/b?project=p', {}, '{"name":"abc","labels":{"a":1}}', 400, 'invalid', 'labels'],
    ['PATCH', '/storage/v1/b/there', {}, '{"location":"EU"}', 400, 'invalid', 'location'],
    ['GET', '/storage/v1/b/missing', {}, '', 404, 'notFound', 'bucket does not exist'],
    ['GET', '/storage/v1/b/missing/o', {}, '', 404, 'notFound', 'bucket does not exist'],
    ['GET', '/storage/v1/b/there/o/missing', {}, '', 404, 'notFound', 'there/missing'],
    ['GET', '/storage/v1/b/there/o?maxResults=0', {}, '', 400, 'invalid', 'maxResults'],
    ['GET', '/storage/v1/b/there/o?maxResults=-1', {}, '', 400, 'invalid', 'maxResults'],
    ['GET', '/storage/v1/b/there/o?pageToken=nonsense', {}, '', 400, 'invalid', 'pageToken'],
    ['GET', '/storage/v1/b/there/o/object?generation=x', {}, '', 400, 'invalid', 'generation'],
    ['GET', '/storage/v1/b/there/o/object?ifGenerationMatch=-1', {}, '', 400, 'invalid', 'ifGenerationMatch'],
    ['GET', '/storage/v1/b/there/o/object?softDeleted=true', {}, '', 400, 'required', 'generation'],
    [
      'GET',
      '/storage/v1/b/there/o/object?softDeleted=true&alt=json&generation=7',
      {},
      '',
      404,
      'notFound',
      'there/object',
    ],
    ['GET', '/storage/v1/b/there/o/%zz', {}, '', 400, 'invalid', '%zz'],
    ['PATCH', '/storage/v1/b/there/o/object', {}, '{"contentType":5}', 400, 'invalid', 'contentType'],
    ['PATCH', '/storage/v1/b/there/o/object', {}, '{"cacheControl":"a\\nb"}', 400, 'invalid', 'cacheControl'],
    ['PATCH', '/storage/v1/b/there/o/object', {}, '{"metadata":"x"}', 400, 'invalid', 'metadata'],
    ['PATCH', '/storage/v1/b/there/o/object', {}, '{"metadata":{"k":5}}', 400, 'invalid', 'metadata.k'],
    ['PATCH', '/storage/v1/b/there/o/object', {}, '{"customTime":"noon"}', 400, 'invalid', 'customTime'],
    ['POST', `${upload}?name=x`, {}, 'x', 400, 'invalid', 'uploadType'],
    ['POST', `${upload}?uploadType=media`, {}, 'x', 400, 'required', 'name'],
    ['POST', `${upload}?uploadType=media&name=.`, {}, 'x', 400, 'invalid', 'name'],
    ['POST', `${upload}?uploadType=media&name=a%0Ab`, {}, 'x', 400, 'invalid', 'name'],
    ['POST', `${upload}?uploadType=multipart`, {}, 'x', 400, 'invalid', 'boundary'],
    ['POST', `${upload}?uploadType=multipart`, related, '--cut\r\n', 400, 'invalid', 'metadata part'],
    ['POST', `${upload}?uploadType=multipart`, related, twoParts('{'), 400, 'invalid', 'not JSON'],
    ['POST', `${upload}?uploadType=multipart`, related, twoParts('{"name":7}'), 400, 'invalid', 'name'],
    [
      'POST',
      `${upload}?uploadType=resumable&name=x`,
      { 'x-upload-content-length': 'many' },
      '',
      400,
      'invalid',
      'X-Upload-Content-Length',
    ],
    [
      'POST',
      '/upload/storage/v1/b/missing/o?uploadType=resumable&name=x',
      {},
      '',
      404,
      'notFound',
      'bucket does not exist',
    ],
    ['PUT', `${upload}?upload_id=unknown`, {}, 'x', 404, 'notFound', 'upload_id'],
    ['GET', '/storage/v1/nothing', {}, '', 404, 'notFound', '/storage/v1/nothing'],
    ['POST', '/storage/v1/b/there/o/object', {}, '', 404, 'notFound', 'POST'],
  ])('%s %s %j %s is answered with %d %s and a message that names %s', async (method, path, headers, body, status, reason, named) => {
    const response = await fetch(`${fixture.origin}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
    expect(await response.json()).toEqual({
      error: {
        code: status,
        message: expect.stringContaining(named),
        errors: [expect.objectContaining({ domain: 'global', reason, message: expect.stringContaining(named) })],
      },
    });
    expect(response.status).toBe(status);
  });

  it.each([
    '127.0.0.1',
    'localhost',
    'bucket.localhost',
    '[::1]',
  ])('is none when it is addressed to %s', async (host) => {
    expect(await statusFor(host)).toBe(200);
  });

  it.each([
    'attacker.example',
    '169.254.169.254',
    'localhost.attacker.example',
  ])('is what a request to %s is: only loopback names are served', async (host) => {
    expect(await statusFor(host)).toBe(403);
  });

  function statusFor(host: string): Promise<number | undefined> {
    const { hostname, port } = new URL(fixture.origin);
    return new Promise((resolve, reject) => {
      http
        .get({ hostname, port, path: '/storage/v1/b/there', headers: { host }, agent: false }, (response) =>
          resolve(response.resume().statusCode),
        )
        .on('error', reject);
    });
  }
});
