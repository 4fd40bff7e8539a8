import { availableParallelism } from 'node:os';
import { BoundedTasks } from './bounded-tasks.ts';
import { freeMemory } from './free-memory.ts';
import { decodeStat } from './pack-job.ts';
import { packRef } from './pack-table.ts';
import type { PackThreads } from './pack-threads.ts';
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
  /** Null where they are not worth their start: then this thread writes. */
  readonly threads: PackThreads | null;
  /** Is given each file once it is complete, with its stat as it was then. */
  readonly onWritten: (file: FileEntry, stat: FileStat) => void;
}

/** How many threads are worth their start for a workspace of this size. */
export function threadsFor(workspaceBytes: number): number {
  const processors = availableParallelism();
  return workspaceBytes < minThreadedBytes || processors === 1 ? 0 : Math.min(processors, maxThreads);
}

/** Writes all files, each chunk once it is proved. */
export async function restoreFiles(options: RestoreFilesOptions): Promise<void> {
  const { target, files, threads, onWritten } = options;
  const { pieces, empty, inParts } = planFiles(files);
  const slice = createTimeSlice();
  for (const file of [...empty, ...inParts]) {
    if (slice.isOver()) await slice.pause();
    createEmpty(target, file);
  }
  if (threads !== null) await writeInThreads(options, pieces, threads);
  else await writeHere(options, pieces);
  for (const file of [...empty, ...inParts]) {
    if (slice.isOver()) await slice.pause();
    onWritten(file, finishFile(target, file));
  }
}

interface FilePiece extends Piece {
  readonly file: FileEntry;
}

type Pieces = ReadonlyMap<Pack, readonly FilePiece[]>;

/** What to take from which pack, and the files that need none or several pieces. */
function planFiles(files: readonly FileEntry[]) {
  const pieces = new Map<Pack, FilePiece[]>();
  const empty: FileEntry[] = [];
  const inParts: FileEntry[] = [];
  for (const file of files) {
    const stored = file.chunks.reduce((count, chunk) => count + (chunk.kind === 'stored' ? 1 : 0), 0);
    if (stored === 0) empty.push(file);
    if (stored > 1) inParts.push(file);
    let position = 0;
    for (const chunk of file.chunks) {
      if (chunk.kind === 'stored') {
        const { offset, bytes, sha256 } = chunk;
        const ofPack = pieces.get(chunk.pack) ?? [];
        ofPack.push({ file, isWhole: stored === 1, offset, bytes, sha256, position });
        pieces.set(chunk.pack, ofPack);
      }
      position += chunk.bytes;
    }
  }
  return { pieces, empty, inParts };
}

async function writeHere({ target, objects, onWritten }: RestoreFilesOptions, pieces: Pieces): Promise<void> {
  const slice = createTimeSlice();
  for await (const { pack, raw } of readPacks(objects, pieces.keys())) {
    for (const piece of pieces.get(pack) ?? []) {
      if (slice.isOver()) await slice.pause();
      const stat = writePiece(target, packRef(pack).object, piece, raw);
      if (stat !== null) onWritten(piece.file, stat);
    }
    freeMemory(raw);
  }
}

async function writeInThreads(
  { objects, onWritten }: RestoreFilesOptions,
  pieces: Pieces,
  threads: PackThreads,
): Promise<void> {
  const writes = new BoundedTasks(threads.count * packsPerThread);
  try {
    for await (const { pack, packed } of fetchPacks(objects, pieces.keys())) {
      await writes.start(async () => {
        const ofPack = pieces.get(pack) ?? [];
        const stats = await threads.write({ pack, packed, pieces: ofPack });
        ofPack.forEach(({ file, isWhole }, i) => {
          if (isWhole) onWritten(file, decodeStat(stats, i));
        });
      });
    }
    await writes.finish();
  } finally {
    await writes.settle();
  }
}
