import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ContentRows, isContentRow } from './content-rows.ts';
import type { ByteStream, ContentStore, GrowingContent } from './content-store.ts';

/** What is read into memory at once; larger parts are streamed. */
const pieceBytes = 1024 * 1024;
/** Below the most that one call of the kernel takes. */
const maxCallBytes = 1024 * 1024 * 1024;

/** Beyond this the bytes are better written once, to a file, than to the database and its log. */
const maxRowBytes = 64 * 1024;

/**
 * Contents as files of one folder, one file each, and small ones as rows; memory holds their names and sizes only.
 *
 * A file counts from the moment a committed record names it, and as far as that record says. So it is written in place,
 * before the commit, and a kill in between leaves a file that nobody names: `removeLeftovers` takes it away. Nothing
 * here waits for the disk: what was written survives the process, not a loss of power.
 */
export function openContentFiles(folder: string, rows: ContentRows): ContentStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holders = new Map<string, number>();
  const unheld = new Set<string>();

  const open = (id: string, sizeBytes: number): GrowingContent => {
    if (!holders.has(id)) unheld.add(id);
    return openContentFile(join(folder, id), id, sizeBytes);
  };
  const remove = (id: string) => {
    try {
      rmSync(join(folder, id), { force: true });
    } catch {
      // Nothing reads it any more, and the next start tries again.
    }
  };
  return {
    create: () => open(randomUUID(), 0),
    store(bytes) {
      if (bytes.length <= maxRowBytes) return rows.create(bytes);
      const content = open(randomUUID(), 0);
      content.append(bytes);
      return content;
    },
    reopen: (id, sizeBytes) => (isContentRow(id) ? rows.reopen(id, sizeBytes) : open(id, sizeBytes)),
    reopenGrowing: open,
    hold({ id }) {
      const held = holders.get(id) ?? 0;
      if (held === 0 && isContentRow(id)) rows.save(id);
      holders.set(id, held + 1);
      unheld.delete(id);
    },
    release({ id }) {
      const left = (holders.get(id) ?? 0) - 1;
      if (left > 0) {
        holders.set(id, left);
        return;
      }
      holders.delete(id);
      // A row goes with the commit of what let it go; a file has to stay until then.
      if (isContentRow(id)) rows.forget(id);
      else unheld.add(id);
    },
    removeUnheld() {
      rows.committed();
      for (const id of unheld) remove(id);
      unheld.clear();
    },
    removeLeftovers() {
      for (const id of readdirSync(folder)) if (!holders.has(id)) remove(id);
    },
  };
}

function openContentFile(path: string, id: string, knownBytes: number): GrowingContent {
  let sizeBytes = knownBytes;
  return {
    id,
    get sizeBytes() {
      return sizeBytes;
    },
    append(bytes) {
      writeAt(path, bytes, sizeBytes);
      sizeBytes += bytes.length;
    },
    *pieces() {
      for (let at = 0; at < sizeBytes; at += pieceBytes) yield readPart(path, at, Math.min(at + pieceBytes, sizeBytes));
    },
    part(start, end) {
      if (end <= start) return Buffer.alloc(0);
      return end - start <= pieceBytes ? readPart(path, start, end) : streamPart(path, start, end);
    },
  };
}

/** Overwrites whatever an append that failed half-way left at this place. */
function writeAt(path: string, bytes: Buffer, position: number): void {
  if (bytes.length === 0) return;
  const fd = openSync(path, position === 0 ? 'w' : 'r+', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(maxCallBytes, bytes.length - done);
      done += writeSync(fd, bytes, done, length, position + done);
    }
  } finally {
    closeSync(fd);
  }
}

function readPart(path: string, start: number, end: number): Buffer {
  const fd = openForReading(path, end);
  try {
    const part = Buffer.allocUnsafe(end - start);
    for (let done = 0; done < part.length; ) {
      const read = readSync(fd, part, done, part.length - done, start + done);
      if (read === 0) throw damaged(path, `it ends at byte ${start + done}`);
      done += read;
    }
    return part;
  } finally {
    closeSync(fd);
  }
}

/** The file is opened now: its bytes stay readable when it is removed before they are asked for. */
function streamPart(path: string, start: number, end: number): ByteStream {
  const fd = openForReading(path, end);
  return {
    length: end - start,
    stream: createReadStream(path, { fd, start, end: end - 1, highWaterMark: pieceBytes }),
  };
}

function openForReading(path: string, end: number): number {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw damaged(path, 'it cannot be opened', error);
  }
  const { size } = fstatSync(fd);
  if (size >= end) return fd;
  closeSync(fd);
  throw damaged(path, `it has ${size} byte(s)`);
}

function damaged(path: string, problem: string, cause?: unknown): Error {
  return new Error(
    `The content file ${path} is not what was stored: ${problem}. Delete the object, or the data folder.`,
    {
      cause,
    },
  );
}
