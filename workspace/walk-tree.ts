import {
  type BigIntStats,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { type BytePath, fsPath, maxPathBytes } from './byte-path.ts';
import { whyNotSaved } from './file-errors.ts';
import { descriptorPath, inDirectory } from './in-directory.ts';
import { tooLarge, type WorkspaceLimits } from './workspace-limits.ts';

/** One name in the tree, with its stat as it was when names of its directory were looked at. */
export interface Found {
  readonly path: BytePath;
  readonly stat: BigIntStats;
  /** Reaches it through the open directory that holds it, until the walk goes on. */
  readonly at: () => string | Buffer;
}

export interface WalkOptions {
  readonly root: string;
  readonly limits: WorkspaceLimits;
  readonly onSkipped: (path: BytePath, why: string) => void;
  /** Which directories to go into; all when absent. */
  readonly enters?: (path: BytePath) => boolean;
}

interface Level {
  readonly fd: number;
  readonly prefix: BytePath;
  /** Those that are still to be looked at, last one first. */
  readonly names: BytePath[];
  /** What has been looked at and not been given yet, last one first. */
  looked: Looked[];
}

/** A stat, or why there is none. */
type Looked = { readonly name: BytePath } & (
  | { readonly stat: BigIntStats; readonly error: null }
  | { readonly stat: null; readonly error: unknown }
);

const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Each level keeps a descriptor open. */
const maxDepth = 256;
/** So many names of a directory are looked at one after the other, and no more of them are in memory. */
const namesAtOnce = 256;
/** A file system in memory counts 20 bytes for a name, others more than the name itself. */
const smallDirectoryBytes = 64n * 1024n;

/**
 * All names below a directory, in the order of `comparePaths`.
 *
 * Whoever changes the tree meanwhile can't lead the walk elsewhere: a directory is opened by one name below an open one,
 * never through a link, and what is in it is reached through that descriptor (/proc/self/fd/N/name stands for openat).
 * What vanishes on the way is left out. Ending the iteration early closes all descriptors.
 */
export function* walkTree(options: WalkOptions): Generator<Found, void> {
  const { limits, onSkipped, enters = () => true } = options;
  const levels: Level[] = [];
  let seen = 0;

  const enter = (at: string | Buffer, prefix: BytePath, stat: Pick<BigIntStats, 'size'>): void => {
    const level: Level = { fd: openSync(at, directoryFlags), prefix, names: [], looked: [] };
    levels.push(level);
    inDirectory(level.fd, (below) => {
      for (const name of namesIn(below === '' ? '.' : below, stat)) {
        seen += 1;
        if (seen > limits.entries) throw tooLarge('entries', seen, limits);
        level.names.push(name);
      }
      level.names.sort().reverse();
      lookOn(level, below);
    });
  };
  const skip = (path: BytePath, error: unknown) => {
    const why = whyNotSaved(error);
    if (why !== null) onSkipped(path, why);
  };
  const tryToEnter = ({ path, at, stat }: Found) => {
    try {
      enter(at(), `${path}/`, stat);
    } catch (error) {
      skip(path, error);
    }
  };

  if (!existsSync('/proc/self/fd')) throw new Error('walking a workspace needs /proc, as Linux has it');
  try {
    enter(options.root, '', lstatSync(options.root, { bigint: true }));
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      if (level.looked.length === 0 && level.names.length > 0) inDirectory(level.fd, (below) => lookOn(level, below));
      const looked = level.looked.pop();
      if (looked === undefined) {
        levels.pop();
        closeSync(level.fd);
        continue;
      }
      const path = level.prefix + looked.name;
      if (path.length > maxPathBytes) {
        onSkipped(path, `its path has more than ${maxPathBytes} bytes`);
        continue;
      }
      if (looked.stat === null) {
        skip(path, looked.error);
        continue;
      }
      const { stat } = looked;
      const { fd } = level;
      const found: Found = { path, stat, at: () => fsPath(`${descriptorPath(fd)}/${looked.name}`) };
      yield found;
      if (!stat.isDirectory() || !enters(path)) continue;
      if (levels.length < maxDepth) tryToEnter(found);
      else onSkipped(path, `what is in it lies more than ${maxDepth} directories deep`);
    }
  } finally {
    for (const level of levels) closeSync(level.fd);
  }
}

/** Looks at the next names of a directory. */
function lookOn({ names, looked }: Level, below: string): void {
  for (const name of names.splice(-namesAtOnce)) looked.push(lookAt(name, fsPath(below + name)));
}

function lookAt(name: BytePath, at: string | Buffer): Looked {
  try {
    return { name, stat: lstatSync(at, { bigint: true }), error: null };
  } catch (error) {
    return { name, stat: null, error };
  }
}

/** A hostile directory can hold more names than memory: from a large one they come one by one, which takes longer. */
function namesIn(at: string, { size }: Pick<BigIntStats, 'size'>): Iterable<BytePath> {
  return size <= smallDirectoryBytes ? readdirSync(at, { encoding: 'latin1' }) : namesOneByOne(at);
}

function* namesOneByOne(at: string): Generator<BytePath, void> {
  const directory = opendirSync(at, { encoding: 'latin1', bufferSize: 256 });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry.name;
  } finally {
    directory.closeSync();
  }
}
