import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
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

/** Decompresses on the thread pool to exactly `rawBytes`; memory for more is never taken. */
export async function decompress(packed: Uint8Array, rawBytes: number, what: string): Promise<Buffer> {
  let raw: Buffer;
  try {
    raw = await decompressAsync(packed, { maxOutputLength: Math.max(rawBytes, 1), chunkSize: Math.max(rawBytes, 64) });
  } catch (error) {
    throw new PipelineError('workspace/corrupt', `${what} does not decompress to ${rawBytes} bytes`, { cause: error });
  }
  if (raw.length !== rawBytes) {
    throw new PipelineError('workspace/corrupt', `${what} decompresses to ${raw.length} bytes, not to ${rawBytes}`);
  }
  return raw;
}
