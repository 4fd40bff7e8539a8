import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Bucket, File, Storage } from '@google-cloud/storage';
import type { SignedUrl } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { googleCall } from './google-error.ts';

/** Bytes that are not all in memory: `open` gives them from the first on, as often as it is called. */
export interface StreamedBytes {
  readonly bytes: number;
  open(): Readable;
}

export interface ObjectStore {
  /** Rejects with google/not-found when there is none. */
  read(object: string): Promise<Uint8Array>;
  /** A part of an object: what it has from `start` on, at most `bytes`. */
  readPart(object: string, part: { readonly start: number; readonly bytes: number }): Promise<Uint8Array>;
  /** Overwrites; resolves with the pointer to what was written. */
  write(object: string, bytes: Uint8Array): Promise<ObjectRef>;
  /**
   * Writes an object that is not there yet. One that is there with the same bytes counts as written; where it has others
   * this rejects with google/already-exists.
   */
  create(object: string, content: Uint8Array | StreamedBytes): Promise<void>;
  /** A URL that reads one object until it expires. */
  signRead(object: string, expiresAt: number): Promise<SignedUrl>;
  /** A URL that writes one object that does not exist yet; 412 when it does. */
  signWrite(object: string, expiresAt: number): Promise<SignedUrl>;
  /** Makes an object anew in place, under another generation; false when there is none. */
  keepObject(object: string): Promise<boolean>;
}

/** Up to here one call carries all of it, and can be repeated whole; beyond, an upload that goes on where it broke off. */
const oneCallBytes = 8 * 1024 * 1024;
const onlyNew = { preconditionOpts: { ifGenerationMatch: 0 } };

async function createFile(file: File, content: Uint8Array | StreamedBytes): Promise<void> {
  if (content instanceof Uint8Array || content.bytes <= oneCallBytes) {
    const bytes = content instanceof Uint8Array ? content : await buffer(content.open());
    await file.save(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { resumable: false, ...onlyNew });
    return;
  }
  // Not checked here: whoever is pointed to it proves its SHA-256.
  await pipeline(content.open(), file.createWriteStream({ resumable: true, validation: false, ...onlyNew }));
}

/** As the metadata of an object has it. */
async function md5Of(content: Uint8Array | StreamedBytes): Promise<string> {
  const hash = createHash('md5');
  if (content instanceof Uint8Array) hash.update(content);
  else for await (const piece of content.open()) hash.update(piece as Buffer);
  return hash.digest('base64');
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
    async create(object, content) {
      const file = bucket.file(object);
      try {
        await googleCall(`create ${object}`, () => createFile(file, content));
      } catch (error) {
        if (!(error instanceof PipelineError) || error.code !== 'google/already-exists') throw error;
        const [{ md5Hash }] = await googleCall(`look at ${object}`, () => file.getMetadata());
        if (md5Hash !== (await md5Of(content))) throw error;
      }
    },
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
