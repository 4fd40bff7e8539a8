import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalServiceAccount } from '../../../local/storage/local-service-account.ts';
import { signByHand } from './sign-by-hand.ts';
import {
  lifetimeMs,
  outcomeOf,
  refused,
  type SigningFixture,
  signatureMismatch,
  startSigningFixture,
} from './signing-fixture.ts';
import { createStorageClient } from './storage-fixture.ts';

describe('a V4 signed URL', () => {
  let fixture: SigningFixture;
  let name: string;
  beforeAll(async () => {
    fixture = await startSigningFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    name = await fixture.anObject();
  });

  describe('that is used as it was signed', () => {
    it('reads the object, with its type and hashes', async () => {
      const response = await fetch(await fixture.sign(name, 'read'));
      expect(await response.text()).toBe('content');
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/plain',
        etag: `"${createHash('md5').update('content').digest('hex')}"`,
        'x-goog-hash': expect.stringMatching(/^crc32c=\S{8},md5=\S{24}$/),
        'x-goog-generation': expect.stringMatching(/^\d+$/),
      });
    });

    it('reads a part of the object when the request has a Range', async () => {
      const response = await fetch(await fixture.sign(name, 'read'), { headers: { range: 'bytes=0-2' } });
      expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
        206,
        'con',
        'bytes 0-2/7',
      ]);
    });

    it('writes the object and answers with its generation', async () => {
      const response = await fetch(await fixture.sign(name, 'write'), { method: 'PUT', body: 'new content' });
      const [metadata] = await fixture.bucket.file(name).getMetadata();
      expect([response.status, response.headers.get('x-goog-generation')]).toEqual([200, metadata.generation]);
      expect(metadata.size).toBe('11');
    });

    it('writes an empty object', async () => {
      const response = await fetch(await fixture.sign(name, 'write'), { method: 'PUT' });
      const [metadata] = await fixture.bucket.file(name).getMetadata();
      expect([response.status, metadata.size]).toEqual([200, '0']);
    });

    it('deletes the object', async () => {
      const response = await fetch(await fixture.sign(name, 'delete'), { method: 'DELETE' });
      const [exists] = await fixture.bucket.file(name).exists();
      expect([response.status, exists]).toEqual([204, false]);
    });

    it('answers 404 NoSuchKey for an object that is not there', async () => {
      await fixture.bucket.file(name).delete();
      expect(await outcomeOf(await fixture.sign(name, 'read'))).toEqual(
        refused(404, 'NoSuchKey', 'No such object: signed/folder'),
      );
    });

    it('carries the type and disposition that the answer is to have', async () => {
      const url = await fixture.sign(name, 'read', { responseType: 'application/pdf', promptSaveAs: 'a report.pdf' });
      const response = await fetch(url);
      expect(response.headers.get('content-type')).toBe('application/pdf');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="a report.pdf"');
    });

    it('reads the generation that it names, and not a later one', async () => {
      const [{ generation = '' }] = await fixture.bucket.file(name).getMetadata();
      const url = await fixture.sign(name, 'read', { queryParams: { generation: String(generation) } });
      const before = await fetch(url);
      await fixture.bucket.file(name).save('later', { resumable: false });
      const after = await fetch(url);
      expect([before.status, after.status]).toEqual([200, 404]);
    });

    it('stores custom metadata from signed headers', async () => {
      const extensionHeaders = { 'x-goog-meta-owner': 'me' };
      const response = await fetch(await fixture.sign(name, 'write', { extensionHeaders }), {
        method: 'PUT',
        headers: extensionHeaders,
        body: 'x',
      });
      const [metadata] = await fixture.bucket.file(name).getMetadata();
      expect([response.status, metadata.metadata]).toEqual([200, { owner: 'me' }]);
    });
  });

  describe('for HEAD', () => {
    it('is answered with the headers of the object and no body', async () => {
      const { origin, account, clock } = fixture;
      const path = `/signed/${name.split('/').map(encodeURIComponent).join('/').replace('(', '%28').replace(')', '%29')}`;
      const url = signByHand(account, {
        method: 'HEAD',
        origin,
        path,
        signedMs: clock.now(),
        lifetimeSeconds: 60,
        host: '127.0.0.1',
      });
      const response = await fetch(url, { method: 'HEAD' });
      expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '7', '']);
    });

    it('is refused when it was signed for GET', async () => {
      const response = await fetch(await fixture.sign(name, 'read'), { method: 'HEAD' });
      expect(response.status).toBe(403);
    });
  });

  describe('by a signer other than the client', () => {
    const signGet = (path: string, host: string) =>
      signByHand(fixture.account, {
        method: 'GET',
        origin: fixture.origin,
        path,
        signedMs: fixture.clock.now(),
        lifetimeSeconds: 60,
        host,
      });

    it('is valid with the host signed as it is sent, port included', async () => {
      await fixture.bucket.file('plain.txt').save('plain', { resumable: false });
      expect(await outcomeOf(signGet('/signed/plain.txt', new URL(fixture.origin).host))).toEqual({
        status: 200,
        body: 'plain',
      });
    });

    it('is refused with another host', async () => {
      await fixture.bucket.file('plain.txt').save('plain', { resumable: false });
      expect(await outcomeOf(signGet('/signed/plain.txt', 'storage.googleapis.com'))).toEqual(signatureMismatch);
    });

    it('is valid with the path signed in the spelling in which it is sent', async () => {
      await fixture.bucket.file('a(1).txt').save('spelled', { resumable: false });
      expect(await outcomeOf(signGet('/signed/a(1).txt', '127.0.0.1'))).toEqual({ status: 200, body: 'spelled' });
    });
  });

  describe('around the second of its expiry', () => {
    it('is valid one millisecond before', async () => {
      const url = await fixture.sign(name, 'read');
      fixture.clock.advance(lifetimeMs - 1);
      const response = await fetch(url);
      fixture.clock.advance(1);
      expect(response.status).toBe(200);
    });

    it('is refused with the time of expiry at that instant', async () => {
      const url = await fixture.sign(name, 'read');
      fixture.clock.advance(lifetimeMs);
      const expiredAt = new Date(fixture.clock.now()).toISOString().slice(0, 19);
      expect(await outcomeOf(url)).toEqual(refused(400, 'ExpiredToken', `expired at: ${expiredAt}`));
    });

    it('is refused when it is signed for more than a quarter of an hour ahead', async () => {
      const ahead = (ms: number) =>
        fixture.sign(name, 'read', {
          accessibleAt: fixture.clock.now() + ms,
          expires: fixture.clock.now() + ms + lifetimeMs,
        });
      const justInTime = await fetch(await ahead(15 * 60_000));
      expect(justInTime.status).toBe(200);
      expect(await outcomeOf(await ahead(15 * 60_000 + 1000))).toEqual(
        refused(403, 'RequestTimeTooSkewed', 'still to come'),
      );
    });
  });

  describe('by another signer', () => {
    it('of the same name and another key is refused', async () => {
      const impostor = { ...createLocalServiceAccount(), clientEmail: fixture.account.clientEmail };
      const theirs = createStorageClient(fixture.origin, impostor).bucket('signed').file(name);
      const [url] = await theirs.getSignedUrl({
        version: 'v4',
        action: 'read',
        accessibleAt: fixture.clock.now(),
        expires: fixture.clock.now() + lifetimeMs,
      });
      expect(await outcomeOf(url)).toEqual(signatureMismatch);
    });

    it('of a name that the server does not know is refused', async () => {
      const stranger = { ...fixture.account, clientEmail: 'stranger@nowhere.iam.gserviceaccount.com' };
      const theirs = createStorageClient(fixture.origin, stranger).bucket('signed').file(name);
      const [url] = await theirs.getSignedUrl({
        version: 'v4',
        action: 'read',
        accessibleAt: fixture.clock.now(),
        expires: fixture.clock.now() + lifetimeMs,
      });
      expect(await outcomeOf(url)).toEqual(refused(403, 'InvalidSecurity', 'stranger@nowhere'));
    });
  });

  describe('of version 2', () => {
    it('is refused with the version to sign with', async () => {
      const url = await fixture.sign(name, 'read', { version: 'v2' });
      expect(await outcomeOf(url)).toEqual(refused(501, 'NotImplemented', "sign with version 'v4'"));
    });
  });

  describe('that is not there', () => {
    it.each(['GET', 'PUT', 'DELETE', 'POST'])('lets nobody %s an object', async (method) => {
      const url = `${fixture.origin}/signed/${encodeURIComponent(name)}`;
      expect(await outcomeOf(url, { method })).toEqual(refused(403, 'AccessDenied', 'Anonymous caller'));
    });
  });
});
