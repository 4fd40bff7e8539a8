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
import { type RestoreTarget, restoredMode, secondsOf } from './restore-target.ts';
import type { FileEntry } from './tree-entry.ts';

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const reopenFlags = constants.O_WRONLY | constants.O_NOFOLLOW;
const sparseBlock = 4096;

/** What a file gets once its content is complete. */
export interface FileAttributes extends Pick<FileEntry, 'path' | 'mode' | 'size' | 'sparse'> {
  readonly mtimeUs: bigint | number;
}

/** A chunk on its way from a pack into a file. */
export interface Piece {
  readonly file: FileAttributes;
  /** The only one of its file, which it makes; else the file is there, and is finished by whoever has written them all. */
  readonly isWhole: boolean;
  /** Where it lies in the raw pack. */
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Where it goes in the file. */
  readonly position: number;
}

/** By what a file that was restored is known again. */
export type FileStat = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>;

/** Writes one piece if its bytes have their hash. Gives the stat of a file that is complete with it, else null. */
export function writePiece(target: RestoreTarget, what: string, piece: Piece, raw: Buffer): FileStat | null {
  const { file, isWhole, offset, position } = piece;
  const bytes = raw.subarray(offset, offset + piece.bytes);
  if (hash('sha256', bytes) !== piece.sha256) throw wrongContent(file.path, what, piece);
  const fd = openFile(target, file, isWhole);
  try {
    if (file.sparse) writeNonZero(fd, bytes, position);
    else writeAll(fd, bytes, position);
    return isWhole ? finish(target, file, fd) : null;
  } finally {
    closeSync(fd);
  }
}

/** Makes a file that has no content yet, or never will have. */
export function createEmpty(target: RestoreTarget, file: FileAttributes): void {
  closeSync(openFile(target, { ...file, mode: 0o600 }, true));
}

/** Gives a file whose content is complete its size, owner, mode and times. */
export function finishFile(target: RestoreTarget, file: FileAttributes): FileStat {
  const fd = openFile(target, file, false);
  try {
    return finish(target, file, fd);
  } finally {
    closeSync(fd);
  }
}

const openFile = (target: RestoreTarget, file: FileAttributes, isNew: boolean): number =>
  openSync(target.at(file.path), isNew ? createFlags : reopenFlags, restoredMode(file.mode));

function finish(target: RestoreTarget, file: FileAttributes, fd: number): FileStat {
  if (file.sparse) ftruncateSync(fd, file.size);
  if (target.owner !== null) fchownSync(fd, target.owner.uid, target.owner.gid);
  const time = secondsOf(Number(file.mtimeUs));
  futimesSync(fd, time, time);
  const stat = fstatSync(fd, { bigint: true });
  const mode = restoredMode(file.mode);
  // Most have the mode that they were opened with; the umask or a sticky bit makes the difference.
  if (Number(stat.mode & 0o7777n) === mode) return stat;
  fchmodSync(fd, mode);
  return fstatSync(fd, { bigint: true });
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

function wrongContent(path: BytePath, what: string, { offset, sha256 }: Piece): PipelineError {
  const where = `${what} at ${offset}`;
  return new PipelineError('workspace/corrupt', `${showPath(path)}: ${where} does not have the hash ${sha256}`);
}
