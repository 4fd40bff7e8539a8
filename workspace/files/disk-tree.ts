import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { type BytePath, fsPath } from '../byte-path.ts';
import { descriptorPath } from '../in-directory.ts';
import type { Owner } from '../restore-target.ts';
import { createTimeSlice } from '../time-slice.ts';
import { fileError } from './file-error.ts';
import type { FileTree, FoundNode } from './file-tree.ts';

/** A folder that is held open: what is in it is reached through the descriptor, wherever the folder is moved. */
export interface DiskDirectory {
  readonly fd: number;
}

/** Bytes that lie in a file of the executor's own, on the disk of the workspace and where no command sees it. */
export interface DiskContent {
  readonly path: string;
  readonly fd: number;
  readonly size: number;
}

/** Reaches what is in a folder without a right to list it (open(2); Node has no name for it). */
const pathOnly = 0o10000000;
const directoryFlags = pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Never through a link, and never waiting for the other end of a pipe. */
const safely = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const copyBytes = 256 * 1024;

/**
 * A workspace on a disk, in which a hostile command may be changing everything at the same time.
 *
 * Each call is about one name below an open descriptor (/proc/self/fd/N/name stands for the calls that end in "at"), and
 * none follows a link in its last part, so whatever is swapped under it, it stays in the folders that were entered. What
 * is opened is looked at again before a byte of it is read or written: it must be a regular file of the session's user.
 */
export class DiskTree implements FileTree<DiskDirectory, DiskContent> {
  readonly root: DiskDirectory;
  readonly #owner: Owner | null;

  /** @param owner whose files they are and who is to own new ones; null where that is the process itself */
  constructor(root: string, owner: Owner | null) {
    this.root = { fd: openSync(root, directoryFlags) };
    this.#owner = process.geteuid?.() === 0 ? owner : null;
  }

  close(): void {
    closeSync(this.root.fd);
  }

  look(directory: DiskDirectory, name: BytePath): FoundNode | null {
    const stat = lstatSync(at(directory, name), { throwIfNoEntry: false });
    return stat === undefined ? null : this.#found(stat);
  }

  lookAt({ fd }: DiskDirectory): FoundNode {
    return this.#found(fstatSync(fd));
  }

  enter(directory: DiskDirectory, name: BytePath): DiskDirectory {
    return { fd: openSync(at(directory, name), directoryFlags) };
  }

  leave({ fd }: DiskDirectory): void {
    closeSync(fd);
  }

  readLink(directory: DiskDirectory, name: BytePath): BytePath {
    return readlinkSync(at(directory, name), 'latin1');
  }

  *names({ fd }: DiskDirectory): Iterable<BytePath> {
    const directory = opendirSync(descriptorPath(fd), { encoding: 'latin1', bufferSize: 256 });
    let seen = 0;
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        seen += 1;
        if (seen > maxNames) throw fileError('files/too-large', entry.name, `is one of more than ${maxNames} names`);
        yield entry.name;
      }
    } finally {
      directory.closeSync();
    }
  }

  makeDirectory(directory: DiskDirectory, name: BytePath, mode: number): void {
    mkdirSync(at(directory, name), 0o700);
    const fd = openSync(at(directory, name), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      this.#give(fd, mode);
    } finally {
      closeSync(fd);
    }
  }

  /** The file gets its name when it is whole and the session's: a command that waits for it finds it so. */
  async create(directory: DiskDirectory, name: BytePath, content: DiskContent, mode: number): Promise<void> {
    this.#give(content.fd, mode);
    linkSync(content.path, at(directory, name));
  }

  async overwrite(directory: DiskDirectory, name: BytePath, content: DiskContent, mode: number | null): Promise<void> {
    const fd = this.#open(directory, name, constants.O_WRONLY, 0o200);
    try {
      ftruncateSync(fd, 0);
      await copy(content, fd);
      if (mode !== null) fchmodSync(fd, mode);
    } finally {
      closeSync(fd);
    }
  }

  async append(directory: DiskDirectory, name: BytePath, content: DiskContent): Promise<void> {
    const fd = this.#open(directory, name, constants.O_WRONLY | constants.O_APPEND, 0o200);
    try {
      await copy(content, fd);
    } finally {
      closeSync(fd);
    }
  }

  rename(from: DiskDirectory, name: BytePath, to: DiskDirectory, newName: BytePath): void {
    renameSync(at(from, name), at(to, newName));
  }

  unlink(directory: DiskDirectory, name: BytePath): void {
    unlinkSync(at(directory, name));
  }

  removeDirectory(directory: DiskDirectory, name: BytePath): void {
    rmdirSync(at(directory, name));
  }

  /** Opens a file to read. The caller closes it. */
  openToRead(directory: DiskDirectory, name: BytePath): { readonly fd: number; readonly size: number } {
    const fd = this.#open(directory, name, constants.O_RDONLY, 0o400);
    return { fd, size: fstatSync(fd).size };
  }

  /** What a look found may be something else by now, so what was opened is what counts. */
  #open(directory: DiskDirectory, name: BytePath, flags: number, bits: number): number {
    const fd = openSync(at(directory, name), flags | safely);
    const { kind, isOwn, mode } = this.#found(fstatSync(fd));
    if (kind === 'file' && isOwn && (mode & bits) === bits) return fd;
    closeSync(fd);
    if (kind === 'directory') throw fileError('files/is-directory', name, 'is a folder');
    if (kind !== 'file') throw fileError('files/invalid-path', name, 'is no regular file');
    throw fileError('files/permission-denied', name, 'may not be touched by the user of the session');
  }

  #give(fd: number, mode: number): void {
    if (this.#owner !== null) fchownSync(fd, this.#owner.uid, this.#owner.gid);
    fchmodSync(fd, mode);
  }

  #found(stat: Stats): FoundNode {
    return {
      kind: kindOf(stat),
      mode: stat.mode & 0o7777,
      size: stat.isDirectory() ? 0 : stat.size,
      modifiedMs: Math.floor(stat.mtimeMs),
      isOwn: this.#owner === null || stat.uid === this.#owner.uid,
    };
  }
}

/** A hostile folder can hold more names than memory. */
const maxNames = 1_000_000;

const at = ({ fd }: DiskDirectory, name: BytePath): string | Buffer => fsPath(`${descriptorPath(fd)}/${name}`);

function kindOf(stat: Stats): FoundNode['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'symlink' : 'other';
}

async function copy({ fd: from, size }: DiskContent, to: number): Promise<void> {
  const slice = createTimeSlice();
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, Math.max(size, 1)));
  for (let position = 0; position < size; ) {
    if (slice.isOver()) await slice.pause();
    const read = readSync(from, buffer, 0, Math.min(buffer.length, size - position), position);
    if (read === 0) throw new Error('a content is shorter than it was');
    for (let written = 0; written < read; ) written += writeSync(to, buffer, written, read - written);
    position += read;
  }
}
