import type { BytePath } from './byte-path.ts';

/*
 * What a checkpoint knows of each thing in the workspace. Owners are not kept: everything belongs to the session.
 */

/** Setuid and setgid are not kept: a checkpoint never gives a right that its reader did not mean to give. */
export const keptModeBits = 0o1777;

export interface DirectoryEntry {
  readonly kind: 'directory';
  readonly path: BytePath;
  readonly mode: number;
  readonly mtimeUs: bigint;
}

export interface FileEntry {
  readonly kind: 'file';
  readonly path: BytePath;
  readonly mode: number;
  readonly mtimeUs: bigint;
  readonly size: number;
  /** Runs of zeros are left out of the disk when it is restored. */
  readonly sparse: boolean;
  /** In order, without gaps; their bytes add up to `size`. */
  readonly chunks: readonly Chunk[];
}

/** A further name of a file of the same checkpoint. */
export interface HardLinkEntry {
  readonly kind: 'hard-link';
  readonly path: BytePath;
  readonly target: BytePath;
}

/** A symbolic link, its target kept as it stands; restored, never followed. */
export interface SymlinkEntry {
  readonly kind: 'symlink';
  readonly path: BytePath;
  readonly mtimeUs: bigint;
  readonly target: BytePath;
}

export type TreeEntry = DirectoryEntry | FileEntry | HardLinkEntry | SymlinkEntry;

/** An object of compressed chunks, named by the hash of its compressed bytes. */
export interface Pack {
  readonly sessionId: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What it holds when decompressed. */
  readonly rawBytes: number;
}

export interface StoredChunk {
  readonly kind: 'stored';
  readonly pack: Pack;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Zeros that are stored nowhere. */
export interface HoleChunk {
  readonly kind: 'hole';
  readonly bytes: number;
}

export type Chunk = StoredChunk | HoleChunk;

/** Files are cut here, so no chunk and no pack decompresses to more. */
export const maxChunkBytes = 8 * 1024 * 1024;

export function sameEntry(a: TreeEntry, b: TreeEntry): boolean {
  return a === b || (sameContent(a, b) && mtimeOf(a) === mtimeOf(b));
}

/** Whether two entries differ at most in their times. */
export function sameContent(a: TreeEntry, b: TreeEntry): boolean {
  if (a.kind === 'file') {
    return b.kind === 'file' && a.mode === b.mode && a.sparse === b.sparse && sameChunks(a.chunks, b.chunks);
  }
  if (a.kind === 'directory') return b.kind === 'directory' && a.mode === b.mode;
  return a.kind === b.kind && a.target === b.target;
}

const mtimeOf = (entry: TreeEntry) => (entry.kind === 'hard-link' ? null : entry.mtimeUs);

function sameChunks(a: readonly Chunk[], b: readonly Chunk[]): boolean {
  return a === b || (a.length === b.length && a.every((chunk, i) => chunkKey(chunk) === chunkKey(b[i])));
}

const chunkKey = (chunk: Chunk | undefined) =>
  chunk?.kind === 'stored' ? `${chunk.bytes}:${chunk.sha256}` : `${chunk?.bytes}`;
