import { availableParallelism } from 'node:os';
import { BoundedTasks } from './bounded-tasks.ts';
import type { BytePath } from './byte-path.ts';
import { packRef } from './pack-table.ts';
import { PackThreads } from './pack-threads.ts';
import { fetchPacks, readPacks } from './read-packs.ts';
import type { RestoreTarget } from './restore-target.ts';
import { createTimeSlice } from './time-slice.ts';
import type { FileEntry, Pack } from './tree-entry.ts';
import type { WorkspaceObjects } from './workspace-objects.ts';
import { createEmpty, type FileStat, finishFile, type Piece, writePiece } from './write-pack.ts';

/** Starting threads takes as long as writing about this much. */
const minThreadedBytes = 32 * 1024 * 1024;
const maxThreads = 4;
/** With what is being written, at most this many packs are in memory for each thread. */
const packsPerThread = 2;

export interface RestoreFilesOptions {
  readonly target: RestoreTarget;
  readonly files: readonly FileEntry[];
  readonly objects: WorkspaceObjects;
  /** How many threads write; none where it is 0, and as many as are worth it when absent. */
  readonly threads: number | undefined;
}

type Stats = Map<BytePath, FileStat>;

/** Writes all files, each chunk once it is proved; gives the stat of each as it was when it was complete. */
export async function restoreFiles(options: RestoreFilesOptions): Promise<Stats> {
  const { target, files } = options;
  const { pieces, empty, inParts } = planFiles(files);
  const slice = createTimeSlice();
  const stats: Stats = new Map();
  for (const file of [...empty, ...inParts]) {
    if (slice.isOver()) await slice.pause();
    createEmpty(target, file);
  }
  const { threads = threadsFor(pieces.keys()) } = options;
  if (threads > 0) await writeInThreads(options, pieces, stats, threads);
  else await writeHere(options, pieces, stats);
  for (const file of [...empty, ...inParts]) {
    if (slice.isOver()) await slice.pause();
    stats.set(file.path, finishFile(target, file));
  }
  return stats;
}

function threadsFor(packs: Iterable<Pack>): number {
  let bytes = 0;
  for (const { rawBytes } of packs) bytes += rawBytes;
  const processors = availableParallelism();
  return bytes < minThreadedBytes || processors === 1 ? 0 : Math.min(processors, maxThreads);
}

type Pieces = ReadonlyMap<Pack, readonly Piece[]>;

/** What to take from which pack, and the files that need none or several pieces. */
function planFiles(files: readonly FileEntry[]) {
  const pieces = new Map<Pack, Piece[]>();
  const empty: FileEntry[] = [];
  const inParts: FileEntry[] = [];
  for (const file of files) {
    const stored = file.chunks.reduce((count, chunk) => count + (chunk.kind === 'stored' ? 1 : 0), 0);
    if (stored === 0) empty.push(file);
    if (stored > 1) inParts.push(file);
    const { path, mode, mtimeUs, size, sparse } = file;
    let position = 0;
    for (const chunk of file.chunks) {
      if (chunk.kind === 'stored') {
        const { offset, bytes, sha256 } = chunk;
        const attributes = { path, mode, mtimeUs, size, sparse };
        const ofPack = pieces.get(chunk.pack) ?? [];
        ofPack.push({ file: attributes, isWhole: stored === 1, offset, bytes, sha256, position });
        pieces.set(chunk.pack, ofPack);
      }
      position += chunk.bytes;
    }
  }
  return { pieces, empty, inParts };
}

async function writeHere({ target, objects }: RestoreFilesOptions, pieces: Pieces, stats: Stats): Promise<void> {
  const slice = createTimeSlice();
  for await (const { pack, raw } of readPacks(objects, pieces.keys())) {
    for (const piece of pieces.get(pack) ?? []) {
      if (slice.isOver()) await slice.pause();
      const stat = writePiece(target, packRef(pack).object, piece, raw);
      if (stat !== null) stats.set(piece.file.path, stat);
    }
  }
}

async function writeInThreads(
  { target, objects }: RestoreFilesOptions,
  pieces: Pieces,
  stats: Stats,
  count: number,
): Promise<void> {
  const threads = new PackThreads(count, target);
  const writes = new BoundedTasks(count * packsPerThread);
  try {
    for await (const { pack, packed } of fetchPacks(objects, pieces.keys())) {
      await writes.start(async () => {
        const ofPack = pieces.get(pack) ?? [];
        const found = await threads.write({ pack, packed, pieces: ofPack });
        ofPack.forEach(({ file, isWhole }, i) => {
          const stat = found[i];
          if (isWhole && stat !== undefined && stat !== null) stats.set(file.path, stat);
        });
      });
    }
    await writes.finish();
  } finally {
    await writes.settle();
    await threads.close();
  }
}
