import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { Bucket, Storage } from '@google-cloud/storage';
import type { SignedUrl } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { googleCall } from './google-error.ts';

export interface ObjectStore {
  /** Rejects with google/not-found when there is none. */
  read(object: string): Promise<Uint8Array>;
  /** A part of an object: what it has from `start` on, at most `bytes`. */
  readPart(object: string, part: { readonly start: number; readonly bytes: number }): Promise<Uint8Array>;
  /** Overwrites; resolves with the pointer to what was written. */
  write(object: string, bytes: Uint8Array): Promise<ObjectRef>;
  /** A URL that reads one object until it expires. */
  signRead(object: string, expiresAt: number): Promise<SignedUrl>;
  /** A URL that writes one object that does not exist yet; 412 when it does. */
  signWrite(object: string, expiresAt: number): Promise<SignedUrl>;
  /** Makes an object anew in place, under another generation; false when there is none. */
  keepObject(object: string): Promise<boolean>;
}

/** An object must not exist for a signed write: what is named by its hash never changes (XML API precondition). */
const mustNotExist = { 'x-goog-if-generation-match': '0' };

/**
 * Google's client puts eleven listeners on the response of an object that does not come in one piece; Node warns of
 * more than ten on the standard error of the program.
 */
const allowListenersOfClient = (response: EventEmitter) => response.setMaxListeners(20);

export function createObjectStore(storage: Storage, bucketName: string): ObjectStore {
  const bucket: Bucket = storage.bucket(bucketName);
  return {
    read: (object) =>
      googleCall(`read ${object}`, () =>
        // The bytes that arrive are checked against the object's CRC32C.
        buffer(bucket.file(object).createReadStream().once('response', allowListenersOfClient)),
      ),
    readPart: (object, { start, bytes }) =>
      googleCall(`read a part of ${object}`, () =>
        buffer(
          bucket
            .file(object)
            .createReadStream({ start, end: start + bytes - 1, validation: false })
            .once('response', allowListenersOfClient),
        ),
      ),
    write: (object, bytes) =>
      googleCall(`write ${object}`, async () => {
        await bucket.file(object).save(Buffer.from(bytes), { resumable: false });
        return { object, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
      }),
    signRead: (object, expiresAt) =>
      googleCall(`sign a read of ${object}`, async () => {
        const [url] = await bucket.file(object).getSignedUrl({ version: 'v4', action: 'read', expires: expiresAt });
        return { url, headers: {} };
      }),
    signWrite: (object, expiresAt) =>
      googleCall(`sign a write of ${object}`, async () => {
        const [url] = await bucket.file(object).getSignedUrl({
          version: 'v4',
          action: 'write',
          expires: expiresAt,
          extensionHeaders: mustNotExist,
        });
        return { url, headers: mustNotExist };
      }),
    async keepObject(object) {
      for (;;) {
        try {
          await googleCall(`keep ${object}`, async () => {
            const file = bucket.file(object);
            const [{ generation }] = await file.getMetadata();
            if (generation === undefined) throw new PipelineError('google/failed', `${object} has no generation`);
            // Only this content, and only as long as nobody removes it.
            await file.copy(file, { preconditionOpts: { ifGenerationMatch: Number(generation) } });
          });
          return true;
        } catch (error) {
          if (!(error instanceof PipelineError)) throw error;
          if (error.code === 'google/not-found') return false;
          // 412: it was made anew, or removed, since its generation was read.
          if (error.code !== 'google/already-exists') throw error;
        }
      }
    },
  };
}
