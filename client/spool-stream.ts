import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PipelineError } from '../execution/pipeline-error.ts';
import { describeOversize } from '../execution/request-sizes.ts';

/** Bytes that were too many to be held in memory: a file of this process that has no name. */
export interface SpooledBytes {
  readonly bytes: number;
  readonly sha256: string;
  /** From the first byte on, as often as it is called. */
  open(): Readable;
  /** Gives the disk back. What still reads ends with an error. */
  close(): Promise<void>;
}

/** A stream that is as short as a message may be is held in memory. */
const inMemoryBytes = 256 * 1024;

/**
 * Reads a stream to its end, which must be known before it can be sent: its name in the bucket is its hash, so that asking
 * again gives the same request. Rejects with request/over-limit as soon as there is more than `cap`, and with what the
 * stream failed with.
 */
export async function spoolStream(
  field: string,
  stream: AsyncIterable<Uint8Array | string>,
  cap: number,
): Promise<Uint8Array | SpooledBytes> {
  const hash = createHash('sha256');
  const first: Buffer[] = [];
  let bytes = 0;
  let file: Awaited<ReturnType<typeof openUnnamed>> | null = null;
  try {
    for await (const piece of stream) {
      const chunk = toBuffer(piece, field);
      bytes += chunk.length;
      if (bytes > cap) throw new PipelineError('request/over-limit', describeOversize(field, bytes, cap));
      hash.update(chunk);
      if (file !== null) await file.writeFile(chunk);
      else first.push(chunk);
      if (file === null && bytes > inMemoryBytes) {
        file = await openUnnamed();
        for (const held of first.splice(0)) await file.writeFile(held);
      }
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  if (file === null) return Buffer.concat(first);
  const spooled = file;
  return {
    bytes,
    sha256: hash.digest('hex'),
    open: () => spooled.createReadStream({ start: 0, autoClose: false }),
    close: () => spooled.close(),
  };
}

function toBuffer(piece: unknown, field: string): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  throw new PipelineError('message/invalid', `${field} must be a stream of text or bytes`);
}

/** Nobody else finds it, and it is gone with the process, however that ends. */
async function openUnnamed() {
  const folder = await mkdtemp(join(tmpdir(), 'sandbus-stdin-'));
  try {
    return await open(join(folder, 'bytes'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const isStream = (value: unknown): value is AsyncIterable<Uint8Array | string> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
