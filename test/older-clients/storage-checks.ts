import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Bucket } from '@google-cloud/storage';
import { beforeAll, expect, it } from '@jest/globals';

/** What a program written for any major of the Storage client relies on. `connect` gives a bucket that is not made yet. */
export function declareStorageChecks(connect: () => Bucket): void {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = connect();
    await bucket.create();
  });

  it('saves an object and reads it back with its metadata', async () => {
    const file = bucket.file('a/b c.txt');
    await file.save('hello', { resumable: false, contentType: 'text/plain', metadata: { metadata: { owner: 'me' } } });
    const [[content], [metadata]] = await Promise.all([file.download(), file.getMetadata()]);
    expect(content.toString()).toBe('hello');
    expect(metadata).toMatchObject({ contentType: 'text/plain', size: '5', metadata: { owner: 'me' } });
  });

  it('uploads a large object in chunks, resumably, and reads a part of it', async () => {
    const data = randomBytes(2 * 1024 * 1024 + 3);
    const file = bucket.file('large');
    await file.save(data, { resumable: true, chunkSize: 1024 * 1024 });
    const [content] = await file.download();
    const part = await text(file.createReadStream({ start: 10, end: 19, validation: false }).setEncoding('hex'));
    expect([content.equals(data), part]).toEqual([true, data.toString('hex', 10, 20)]);
  });

  it('writes a new object only when there is none, if it asks for that', async () => {
    const file = bucket.file('once');
    const options = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
    await file.save('first', options);
    await expect(file.save('second', options)).rejects.toMatchObject({ code: 412 });
  });

  it('lists by prefix, copies and deletes', async () => {
    await bucket.file('list/one').save('1', { resumable: false });
    await bucket.file('list/one').copy(bucket.file('list/two'));
    const [files] = await bucket.getFiles({ prefix: 'list/' });
    await bucket.file('list/one').delete();
    const [exists] = await bucket.file('list/one').exists();
    expect([files.map(({ name }) => name), exists]).toEqual([['list/one', 'list/two'], false]);
  });

  it('is refused with 404 where there is no object', async () => {
    await expect(bucket.file('missing').download()).rejects.toMatchObject({ code: 404 });
  });

  it('signs a URL that anybody may read until it expires', async () => {
    const file = bucket.file('signed');
    await file.save('for you', { resumable: false });
    const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 60_000 });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, 'for you']);
  });
}
