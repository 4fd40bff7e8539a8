import { type BigIntStats, closeSync, constants, existsSync, lstatSync, opendirSync, openSync } from 'node:fs';
import { type BytePath, fsPath, maxPathBytes } from './byte-path.ts';
import { whyNotSaved } from './file-errors.ts';
import { tooLarge, type WorkspaceLimits } from './workspace-limits.ts';

/** One name in the tree. `at` reaches it through the open directory that holds it, and is right until the next one. */
export interface Found {
  readonly path: BytePath;
  readonly at: string | Buffer;
  readonly stat: BigIntStats;
}

export interface WalkOptions {
  readonly root: string;
  readonly limits: WorkspaceLimits;
  readonly onSkipped: (path: BytePath, why: string) => void;
  /** Which directories to go into; all when absent. */
  readonly enters?: (path: BytePath) => boolean;
}

/** A directory that is being read: its descriptor, and the names of it that are still to come, last one first. */
interface Level {
  readonly fd: number;
  readonly prefix: BytePath;
  readonly names: BytePath[];
}

const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Each level keeps a descriptor open. */
const maxDepth = 256;

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

  const enter = (at: string | Buffer, prefix: BytePath): Level => {
    const level: Level = { fd: openSync(at, directoryFlags), prefix, names: [] };
    levels.push(level);
    for (const name of namesIn(level.fd)) {
      seen += 1;
      if (seen > limits.entries) throw tooLarge('entries', seen, limits);
      level.names.push(name);
    }
    level.names.sort().reverse();
    return level;
  };
  const guarded = <T>(path: BytePath, action: () => T): T | null => {
    try {
      return action();
    } catch (error) {
      const why = whyNotSaved(error);
      if (why !== null) onSkipped(path, why);
      return null;
    }
  };

  if (!existsSync(descriptors)) throw new Error('walking a workspace needs /proc, as Linux has it');
  try {
    enter(options.root, '');
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.names.pop();
      if (name === undefined) {
        levels.pop();
        closeSync(level.fd);
        continue;
      }
      const path = level.prefix + name;
      if (path.length > maxPathBytes) {
        onSkipped(path, `its path has more than ${maxPathBytes} bytes`);
        continue;
      }
      const at = fsPath(`${descriptorPath(level.fd)}/${name}`);
      const stat = guarded(path, () => lstatSync(at, { bigint: true }));
      if (stat === null) continue;
      yield { path, at, stat };
      if (!stat.isDirectory() || !enters(path)) continue;
      if (levels.length < maxDepth) guarded(path, () => enter(at, `${path}/`));
      else onSkipped(path, `what is in it lies more than ${maxDepth} directories deep`);
    }
  } finally {
    for (const level of levels) closeSync(level.fd);
  }
}

const descriptors = '/proc/self/fd';
const descriptorPath = (fd: number) => `${descriptors}/${fd}`;

/** Names come one by one: a hostile directory can hold more of them than memory. */
function* namesIn(fd: number): Generator<BytePath, void> {
  const directory = opendirSync(descriptorPath(fd), { encoding: 'latin1', bufferSize: 256 });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry.name;
  } finally {
    directory.closeSync();
  }
}
