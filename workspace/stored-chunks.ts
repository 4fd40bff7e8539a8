import type { Pack, StoredChunk, TreeEntry } from './tree-entry.ts';

/** All chunks of a tree that lie in the bucket. */
export function* storedChunksOf(entries: Iterable<TreeEntry>): Generator<StoredChunk, void> {
  for (const entry of entries) {
    for (const chunk of entry.kind === 'file' ? entry.chunks : []) if (chunk.kind === 'stored') yield chunk;
  }
}

export function packsOf(entries: Iterable<TreeEntry>): ReadonlySet<Pack> {
  return new Set(storedChunksOf(entries).map(({ pack }) => pack));
}
