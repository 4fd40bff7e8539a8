import { type BigIntStats, closeSync, readlinkSync } from 'node:fs';
import { type BytePath, comparePaths } from './byte-path.ts';
import { whyNotSaved } from './file-errors.ts';
import type { PackWriter } from './pack-writer.ts';
import { openFoundFile, readContent, type Scratch } from './read-content.ts';
import { readIgnoreRules } from './read-ignore-rules.ts';
import type { IgnoredList, SkippedList } from './skipped-list.ts';
import { findContent, type KnownContent, rememberContent } from './stat-cache.ts';
import { createTimeSlice } from './time-slice.ts';
import { type FileEntry, keptModeBits, sameEntry, type TreeEntry } from './tree-entry.ts';
import { type Found, walkTree } from './walk-tree.ts';
import type { WorkspaceBase } from './workspace-base.ts';
import { tooLarge, type WorkspaceLimits } from './workspace-limits.ts';

/** What a save has found so far. */
export interface Scan {
  readonly root: string;
  readonly limits: WorkspaceLimits;
  readonly base: WorkspaceBase;
  readonly packs: PackWriter;
  readonly skipped: SkippedList;
  readonly ignored: IgnoredList;
  /** By the clock of file times; whatever is written from then on is looked at again next time. */
  readonly startedAtNs: bigint;
  /** In the order of the walk. What is as it was in the base is the base's own entry. */
  readonly entries: TreeEntry[];
  /** What the base knows and is still so, and what has been read. */
  readonly keptContents: KnownContent[];
  readonly readContents: Map<number, KnownContent>;
  readonly scratch: Scratch;
  workspaceBytes: number;
  /** How many entries are the base's own. */
  unchanged: number;
}

const keptStatBits = BigInt(keptModeBits);

/** Goes over the tree and stores the contents that are new. */
export async function scanTree(scan: Scan): Promise<void> {
  const { root, limits, base, skipped, entries } = scan;
  const slice = createTimeSlice();
  const firstNames = new Map<string, BytePath>();
  const entryBefore = inOrderOf(base.entries.values());
  const ignores = readIgnoreRules(root, skipped);
  let lastIgnored: BytePath | null = null;
  const onSkipped = (path: BytePath, why: string) => skipped.add(path, why);
  for (const found of walkTree({ root, limits, onSkipped, enters: (path) => path !== lastIgnored })) {
    if (slice.isOver()) await slice.pause();
    const { path, stat } = found;
    if (ignores?.(path, stat.isDirectory())) {
      lastIgnored = path;
      scan.ignored.add(path);
      continue;
    }
    const inode = stat.isFile() && stat.nlink > 1n ? `${stat.dev}:${stat.ino}` : null;
    const target = inode === null ? undefined : firstNames.get(inode);
    const before = entryBefore(path);
    const entry: TreeEntry | null =
      target === undefined
        ? (knownFile(scan, stat, before) ?? (await entryOf(scan, found)))
        : { kind: 'hard-link', path, target };
    if (entry === null) continue;
    if (inode !== null && target === undefined) firstNames.set(inode, path);
    const isUnchanged = before !== undefined && sameEntry(before, entry);
    if (isUnchanged) scan.unchanged += 1;
    entries.push(isUnchanged ? before : entry);
  }
}

/** Finds entries for paths that come in the same order as they do, which takes less than looking each up by its path. */
function inOrderOf(entries: Iterator<TreeEntry>): (path: BytePath) => TreeEntry | undefined {
  let next = entries.next();
  return (path) => {
    while (next.done !== true) {
      const entry = next.value;
      if (entry.path === path) return entry;
      if (comparePaths(entry.path, path) > 0) return undefined;
      next = entries.next();
    }
    return undefined;
  };
}

/** The usual case in a large tree, without anything being made: the file is as its entry says. */
function knownFile(scan: Scan, stat: BigIntStats, before: TreeEntry | undefined): FileEntry | null {
  if (before?.kind !== 'file' || !stat.isFile()) return null;
  const known = findContent(scan.base.contents, stat);
  const isSame =
    known?.chunks === before.chunks &&
    known.sparse === before.sparse &&
    Number(stat.mode & keptStatBits) === before.mode &&
    mtimeUsOf(stat) === before.mtimeUs;
  if (known === undefined || !isSame) return null;
  scan.keptContents.push(known);
  countBytes(scan, before.size);
  return before;
}

async function entryOf(scan: Scan, found: Found): Promise<TreeEntry | null> {
  const { path, at, stat } = found;
  if (stat.isFile()) {
    const known = findContent(scan.base.contents, stat);
    if (known === undefined) return readFileEntry(scan, found);
    scan.keptContents.push(known);
    countBytes(scan, Number(stat.size));
    const { chunks, sparse } = known;
    return { kind: 'file', path, ...attributesOf(stat), size: Number(stat.size), sparse, chunks };
  }
  if (stat.isDirectory()) return { kind: 'directory', path, ...attributesOf(stat) };
  if (stat.isSymbolicLink()) {
    try {
      return { kind: 'symlink', path, mtimeUs: mtimeUsOf(stat), target: readlinkSync(at(), 'latin1') };
    } catch (error) {
      return leaveOut(scan, path, whyNotSaved(error));
    }
  }
  const kind = stat.isFIFO() ? 'a fifo' : stat.isSocket() ? 'a socket' : 'a device';
  return leaveOut(scan, path, `${kind} can't be kept`);
}

/** Reads and stores a file, whatever is known of it. */
export async function readFileEntry(scan: Scan, found: Pick<Found, 'path' | 'at'>): Promise<FileEntry | null> {
  const { path, at } = found;
  const opened = openFoundFile(at());
  if (opened.kind === 'vanished') return null;
  if (opened.kind === 'refused') return leaveOut(scan, path, opened.why);
  const { fd, stat } = opened;
  try {
    countBytes(scan, Number(stat.size));
    const content = await readContent(opened, scan.scratch, (bytes) => scan.packs.add(bytes));
    scan.workspaceBytes += content.size - Number(stat.size);
    rememberContent(scan.readContents, stat, { ...content, knownAtNs: scan.startedAtNs });
    return { kind: 'file', path, ...attributesOf(stat), ...content };
  } finally {
    closeSync(fd);
  }
}

function leaveOut(scan: Scan, path: BytePath, why: string | null): null {
  if (why !== null) scan.skipped.add(path, why);
  return null;
}

function countBytes(scan: Scan, size: number): void {
  scan.workspaceBytes += size;
  if (scan.workspaceBytes > scan.limits.bytes) throw tooLarge('bytes', scan.workspaceBytes, scan.limits);
}

const attributesOf = (stat: BigIntStats) => ({ mode: Number(stat.mode & keptStatBits), mtimeUs: mtimeUsOf(stat) });

/** Node sets times as a double of seconds, which is exact to the microsecond and not beyond. */
function mtimeUsOf(stat: BigIntStats): bigint {
  const rest = stat.mtimeNs % 1000n;
  return (stat.mtimeNs - (rest < 0n ? rest + 1000n : rest)) / 1000n;
}
