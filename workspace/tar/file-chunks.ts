import { grownBuffer } from '../grown-buffer.ts';
import { isZero } from '../is-zero.ts';
import type { Scratch } from '../read-content.ts';
import { type Chunk, maxChunkBytes, type StoredChunk } from '../tree-entry.ts';
import type { TarItem } from './read-tar.ts';

/** How many bytes of chunks a file in an archive makes, beside chunks that are holes. */
export function filledBytes({ segments, size, isSparse }: Pick<TarItem, 'segments' | 'size' | 'isSparse'>): number {
  if (!isSparse) return size;
  let filled = 0;
  let last = -1;
  for (const { offset, bytes } of segments) {
    const first = Math.max(Math.floor(offset / maxChunkBytes), last + 1);
    last = Math.floor((offset + bytes - 1) / maxChunkBytes);
    filled += Math.max(0, last - first + 1) * maxChunkBytes;
  }
  return filled;
}

/** Cuts a file of an archive into chunks. `store` has the bytes of each only until it resolves. */
export async function fileChunks(
  item: TarItem,
  scratch: Scratch,
  store: (bytes: Buffer) => Promise<StoredChunk>,
): Promise<readonly Chunk[]> {
  const { segments, size, isSparse } = item;
  const chunks: Chunk[] = [];
  let at = 0;
  let taken = 0;
  for (let start = 0; start < size; start += maxChunkBytes) {
    const bytes = Math.min(maxChunkBytes, size - start);
    const end = start + bytes;
    if ((segments[at]?.offset ?? size) + taken >= end) {
      chunks.push({ kind: 'hole', bytes });
      continue;
    }
    scratch.buffer = grownBuffer(scratch.buffer, bytes);
    const chunk = scratch.buffer.subarray(0, bytes);
    if (isSparse) chunk.fill(0);
    for (let segment = segments[at]; segment !== undefined && segment.offset + taken < end; segment = segments[at]) {
      const from = segment.offset + taken;
      const until = Math.min(segment.offset + segment.bytes, end);
      await item.read(chunk.subarray(from - start, until - start));
      taken += until - from;
      if (taken < segment.bytes) break;
      at += 1;
      taken = 0;
    }
    chunks.push(isSparse && isZero(chunk) ? { kind: 'hole', bytes } : await store(chunk));
  }
  return chunks;
}
