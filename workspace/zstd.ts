import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { PipelineError } from '../execution/pipeline-error.ts';

const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);

/** Level 1: half the time of level 3 for an eighth more bytes, and the command's answer waits for it. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Compresses on the thread pool. */
export function compress(raw: Uint8Array): Promise<Buffer> {
  // Output is gathered in blocks of this size: one block of the whole size would be held for a result that is smaller.
  const chunkSize = Math.min(Math.max(raw.length >>> 1, 4096), 1024 * 1024);
  return compressAsync(raw, { params, chunkSize });
}

/** So little is decompressed sooner than the thread pool has been asked and has answered. */
const smallBytes = 256 * 1024;

/** Decompresses to exactly `rawBytes`, on the thread pool where it is more than a little; memory for more is never taken. */
export async function decompress(packed: Uint8Array, rawBytes: number, what: string): Promise<Buffer> {
  if (rawBytes <= smallBytes) return decompressHere(packed, rawBytes, what);
  const raw = await decompressAsync(packed, boundedBy(rawBytes)).catch((error) => refuse(rawBytes, what, error));
  return exactly(raw, rawBytes, what);
}

/** The same, in this thread. */
export function decompressHere(packed: Uint8Array, rawBytes: number, what: string): Buffer {
  let raw: Buffer;
  try {
    raw = zstdDecompressSync(packed, boundedBy(rawBytes));
  } catch (error) {
    return refuse(rawBytes, what, error);
  }
  return exactly(raw, rawBytes, what);
}

const boundedBy = (rawBytes: number) => ({ maxOutputLength: Math.max(rawBytes, 1), chunkSize: Math.max(rawBytes, 64) });

function refuse(rawBytes: number, what: string, cause: unknown): never {
  throw new PipelineError('workspace/corrupt', `${what} does not decompress to ${rawBytes} bytes`, { cause });
}

function exactly(raw: Buffer, rawBytes: number, what: string): Buffer {
  if (raw.length === rawBytes) return raw;
  throw new PipelineError('workspace/corrupt', `${what} decompresses to ${raw.length} bytes, not to ${rawBytes}`);
}
