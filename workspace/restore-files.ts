import { hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  writeSync,
} from 'node:fs';
import { PipelineError } from '../execution/pipeline-error.ts';
import { type BytePath, showPath } from './byte-path.ts';
import { isZero } from './is-zero.ts';
import { packRef } from './pack-table.ts';
import { readPacks } from './read-packs.ts';
import { type RestoreTarget, restoredMode, secondsOf } from './restore-target.ts';
import { createTimeSlice } from './time-slice.ts';
import type { FileEntry, Pack, StoredChunk } from './tree-entry.ts';
import type { WorkspaceObjects } from './workspace-objects.ts';

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const reopenFlags = constants.O_WRONLY | constants.O_NOFOLLOW;
const sparseBlock = 4096;

/** A file that is being restored: its chunks come in the order of packs. */
interface OpenFile {
  readonly entry: FileEntry;
  created: boolean;
  chunksLeft: number;
}

interface Piece {
  readonly file: OpenFile;
  readonly position: number;
  readonly chunk: StoredChunk;
}

/** Writes all files, each chunk once it is proved; gives the stat of each as it was when it was complete. */
export async function restoreFiles(
  target: RestoreTarget,
  files: readonly FileEntry[],
  objects: WorkspaceObjects,
): Promise<ReadonlyMap<BytePath, BigIntStats>> {
  const slice = createTimeSlice();
  const stats = new Map<BytePath, BigIntStats>();
  const { pieces, complete } = planFiles(files);
  for (const file of complete) {
    if (slice.isOver()) await slice.pause();
    stats.set(file.entry.path, writeFile(target, file, null));
  }
  for await (const { pack, raw } of readPacks(objects, pieces.keys())) {
    for (const piece of pieces.get(pack) ?? []) {
      if (slice.isOver()) await slice.pause();
      const { chunk, file, position } = piece;
      const bytes = raw.subarray(chunk.offset, chunk.offset + chunk.bytes);
      if (hash('sha256', bytes) !== chunk.sha256) throw wrongContent(file.entry, chunk);
      file.chunksLeft -= 1;
      stats.set(file.entry.path, writeFile(target, file, { bytes, position }));
    }
  }
  return stats;
}

/** What to take from which pack, and the files that need none: empty ones and those that are all hole. */
function planFiles(files: readonly FileEntry[]) {
  const pieces = new Map<Pack, Piece[]>();
  const complete: OpenFile[] = [];
  for (const entry of files) {
    const stored = entry.chunks.filter((chunk) => chunk.kind === 'stored').length;
    const file: OpenFile = { entry, created: false, chunksLeft: stored };
    if (stored === 0) complete.push(file);
    let position = 0;
    for (const chunk of entry.chunks) {
      if (chunk.kind === 'stored') {
        const ofPack = pieces.get(chunk.pack) ?? [];
        ofPack.push({ file, position, chunk });
        pieces.set(chunk.pack, ofPack);
      }
      position += chunk.bytes;
    }
  }
  return { pieces, complete };
}

/** Writes a part of a file, and with the last one gives the file its size, owner, mode and times. */
function writeFile(
  target: RestoreTarget,
  file: OpenFile,
  part: { readonly bytes: Buffer; readonly position: number } | null,
): BigIntStats {
  const { entry } = file;
  const fd = openSync(target.at(entry.path), file.created ? reopenFlags : createFlags, 0o600);
  file.created = true;
  try {
    if (part !== null) {
      if (entry.sparse) writeNonZero(fd, part.bytes, part.position);
      else writeAll(fd, part.bytes, part.position);
    }
    if (file.chunksLeft === 0) {
      if (entry.sparse) ftruncateSync(fd, entry.size);
      if (target.owner !== null) fchownSync(fd, target.owner.uid, target.owner.gid);
      fchmodSync(fd, restoredMode(entry.mode));
      futimesSync(fd, secondsOf(entry.mtimeUs), secondsOf(entry.mtimeUs));
    }
    return fstatSync(fd, { bigint: true });
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

/** Leaves out blocks of zeros; the file gets its size afterwards. */
function writeNonZero(fd: number, bytes: Buffer, position: number): void {
  let runStart = 0;
  for (let start = 0; start < bytes.length; start += sparseBlock) {
    const end = Math.min(start + sparseBlock, bytes.length);
    if (!isZero(bytes.subarray(start, end))) continue;
    writeAll(fd, bytes.subarray(runStart, start), position + runStart);
    runStart = end;
  }
  writeAll(fd, bytes.subarray(runStart), position + runStart);
}

function wrongContent(entry: FileEntry, chunk: StoredChunk): PipelineError {
  const where = `${packRef(chunk.pack).object} at ${chunk.offset}`;
  return new PipelineError(
    'workspace/corrupt',
    `${showPath(entry.path)}: ${where} does not have the hash ${chunk.sha256}`,
  );
}
