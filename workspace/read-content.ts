import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { whyNotSaved } from './file-errors.ts';
import { grownBuffer } from './grown-buffer.ts';
import { isZero } from './is-zero.ts';
import { type Chunk, maxChunkBytes } from './tree-entry.ts';

/** Never through a link, and never waiting for the other end of a pipe. */
const fileFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export type OpenedFile =
  | { readonly kind: 'opened'; readonly fd: number; readonly stat: BigIntStats }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'refused'; readonly why: string };

/** Opens what a walk found to be a file, which may be something else by now. The caller closes it. */
export function openFoundFile(at: string | Buffer): OpenedFile {
  let fd: number;
  try {
    fd = openSync(at, fileFlags);
  } catch (error) {
    const why = whyNotSaved(error);
    return why === null ? { kind: 'vanished' } : { kind: 'refused', why };
  }
  const stat = fstatSync(fd, { bigint: true });
  if (stat.isFile()) return { kind: 'opened', fd, stat };
  closeSync(fd);
  return { kind: 'refused', why: 'it was replaced while it was being saved' };
}

/** Smaller files have no holes worth keeping, and file systems that store them inline report no blocks. */
const minSparseBytes = 64n * 1024n;

export const hasHoles = (stat: BigIntStats): boolean => stat.size >= minSparseBytes && stat.blocks * 512n < stat.size;

/** Where chunks are read into: one buffer for all files of a save. */
export interface Scratch {
  buffer: Buffer;
}

/**
 * Reads a file as it was when it was opened: what is appended since is left to the next save. A file that is cut or
 * changed while it is read gives what was read; its times tell the next save. Of each chunk `store` has the bytes only
 * until it resolves.
 */
export async function readContent(
  file: { readonly fd: number; readonly stat: BigIntStats },
  scratch: Scratch,
  store: (bytes: Buffer) => Promise<Chunk>,
): Promise<{ readonly chunks: readonly Chunk[]; readonly size: number; readonly sparse: boolean }> {
  const size = Number(file.stat.size);
  const sparse = hasHoles(file.stat);
  const chunks: Chunk[] = [];
  let position = 0;
  while (position < size) {
    const wanted = Math.min(maxChunkBytes, size - position);
    scratch.buffer = grownBuffer(scratch.buffer, wanted);
    const bytes = scratch.buffer.subarray(0, readFully(file.fd, scratch.buffer, wanted, position));
    if (bytes.length > 0)
      chunks.push(sparse && isZero(bytes) ? { kind: 'hole', bytes: bytes.length } : await store(bytes));
    position += bytes.length;
    if (bytes.length < wanted) break;
  }
  return { chunks, size: position, sparse };
}

function readFully(fd: number, buffer: Buffer, wanted: number, position: number): number {
  let length = 0;
  while (length < wanted) {
    const count = readSync(fd, buffer, length, wanted - length, position + length);
    if (count === 0) break;
    length += count;
  }
  return length;
}
