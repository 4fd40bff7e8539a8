import type { Bucket, GetSignedUrlConfig } from '@google-cloud/storage';
import { expect } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

export const lifetimeMs = 60_000;

export interface SigningFixture extends StorageFixture {
  readonly clock: ManualClock;
  readonly bucket: Bucket;
  /** A fresh object `content` of type text/plain, under a name that needs escaping. */
  anObject(): Promise<string>;
  sign(name: string, action: GetSignedUrlConfig['action'], config?: Partial<GetSignedUrlConfig>): Promise<string>;
}

/** The server's clock stands at noon of tomorrow: the client refuses to sign for a past that is real. */
export async function startSigningFixture(): Promise<SigningFixture> {
  const dayMs = 24 * 60 * 60 * 1000;
  const clock = createManualClock((Math.floor(Date.now() / dayMs) + 1.5) * dayMs);
  const fixture = await startStorageFixture(clock);
  const bucket = fixture.storage.bucket('signed');
  await bucket.create();
  let objects = 0;
  return {
    ...fixture,
    clock,
    bucket,
    async anObject() {
      const name = `folder/object ${objects++} (ü).txt`;
      await bucket.file(name).save('content', { resumable: false, contentType: 'text/plain' });
      return name;
    },
    async sign(name, action, config) {
      const [url] = await bucket.file(name).getSignedUrl({
        version: 'v4',
        action,
        accessibleAt: clock.now(),
        expires: clock.now() + lifetimeMs,
        ...config,
      });
      return url;
    },
  };
}

export async function outcomeOf(url: string, init?: RequestInit): Promise<{ status: number; body: string }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text() };
}

/** What `outcomeOf` a refused request looks like: Google's XML error with a code and words that name what is wrong. */
export function refused(status: number, code: string, details: string) {
  return { status, body: expect.stringMatching(new RegExp(`<Error><Code>${code}</Code>.*${details}`, 's')) };
}

export const signatureMismatch = refused(403, 'SignatureDoesNotMatch', 'does not match the signature you provided');
