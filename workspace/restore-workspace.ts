import { chmodSync, lchownSync, linkSync, lstatSync, lutimesSync, mkdirSync, symlinkSync } from 'node:fs';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { fsPath } from './byte-path.ts';
import { codeOf } from './file-errors.ts';
import { PackThreads } from './pack-threads.ts';
import { type Manifest, readManifest } from './read-manifest.ts';
import { restoreFiles, threadsFor } from './restore-files.ts';
import { type Owner, openRestoreTarget, type RestoreTarget, restoredMode, secondsOf } from './restore-target.ts';
import { addContent, fileClockNs, forgetRacy, type KnownContent } from './stat-cache.ts';
import { createTimeSlice } from './time-slice.ts';
import type { DirectoryEntry, FileEntry, HardLinkEntry, SymlinkEntry, TreeEntry } from './tree-entry.ts';
import { emptyBase, type WorkspaceBase } from './workspace-base.ts';
import type { WorkspaceLimits } from './workspace-limits.ts';
import type { WorkspaceObjects } from './workspace-objects.ts';
import type { FileStat } from './write-pack.ts';

export interface RestoreOptions {
  /** An empty directory in which nothing runs. Its own owner, mode and times are the caller's. */
  readonly root: string;
  /** Null is the empty workspace. */
  readonly manifest: ObjectRef | null;
  readonly objects: WorkspaceObjects;
  /** Who is to own what is restored; only root can give it to another. */
  readonly owner?: Owner;
  readonly limits: WorkspaceLimits;
  /** How many threads write files, 0 for none; as many as are worth it when absent. */
  readonly threads?: number;
}

/**
 * Fills an empty directory with a checkpoint and gives what the first save starts from.
 *
 * The manifest is not trusted: it is checked as a whole before anything is made, and links come last, so nothing is ever
 * written through one. Rejects with `workspace/corrupt` or `workspace/too-large`; the directory may then be partly filled
 * and is to be thrown away.
 */
export async function restoreWorkspace(options: RestoreOptions): Promise<WorkspaceBase> {
  const { root, manifest, objects, owner, limits, threads } = options;
  const target = openRestoreTarget(root, owner);
  const started: PackThreads[] = [];
  try {
    if (manifest === null) return emptyBase;
    // They start while the manifest is read.
    const onClaimedBytes = (bytes: number) => {
      const count = threads ?? threadsFor(bytes);
      if (count > 0) started.push(new PackThreads(count, target));
    };
    const tree = await readManifest({ objects, manifest, limits, onClaimedBytes });
    return await restoreTree({ target, objects, manifest, tree, threads: started[0] ?? null });
  } catch (error) {
    throw isDiskFull(error)
      ? new PipelineError('workspace/too-large', `no room on the disk for ${root}`, { cause: error })
      : error;
  } finally {
    for (const one of started) await one.close();
    target.close();
  }
}

async function restoreTree(options: {
  readonly target: RestoreTarget;
  readonly objects: WorkspaceObjects;
  readonly manifest: ObjectRef;
  readonly tree: Manifest;
  readonly threads: PackThreads | null;
}): Promise<WorkspaceBase> {
  const { target, objects, manifest, tree, threads } = options;
  const ofKind = sortByKind(tree.entries);
  await inSlices(ofKind.directories, ({ path }) => mkdirSync(target.at(path), 0o700));
  const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const contents = new Map<number, KnownContent>();
  const onWritten = (file: FileEntry, stat: FileStat) => addContent(contents, stat, file);
  await restoreFiles({ target, files: ofKind.files, objects, threads, onWritten });
  await inSlices(ofKind.hardLinks, ({ path, target: name }) => {
    linkSync(target.at(name), target.at(path));
    // Another name changes the times of the file.
    const file = entries.get(name);
    if (file?.kind === 'file') onWritten(file, lstatSync(target.at(name), { bigint: true }));
  });
  await inSlices(ofKind.symlinks, (entry) => restoreSymlink(target, entry));
  // Deepest first: a directory may be closed for writing, and making something in it moves its time.
  await inSlices(ofKind.directories.reverse(), (entry) => finishDirectory(target, entry));
  // Nothing ran in the directory until now, so what has an older stat is what was written.
  forgetRacy(contents, fileClockNs());
  return { manifest, entries, pages: tree.pages, contents };
}

function restoreSymlink(target: RestoreTarget, entry: SymlinkEntry): void {
  const at = target.at(entry.path);
  symlinkSync(fsPath(entry.target), at);
  if (target.owner !== null) lchownSync(at, target.owner.uid, target.owner.gid);
  const time = secondsOf(Number(entry.mtimeUs));
  lutimesSync(at, time, time);
}

function finishDirectory(target: RestoreTarget, entry: DirectoryEntry): void {
  const at = target.at(entry.path);
  if (target.owner !== null) lchownSync(at, target.owner.uid, target.owner.gid);
  chmodSync(at, restoredMode(entry.mode));
  const time = secondsOf(Number(entry.mtimeUs));
  lutimesSync(at, time, time);
}

function sortByKind(entries: readonly TreeEntry[]) {
  const directories: DirectoryEntry[] = [];
  const files: FileEntry[] = [];
  const hardLinks: HardLinkEntry[] = [];
  const symlinks: SymlinkEntry[] = [];
  for (const entry of entries) {
    if (entry.kind === 'directory') directories.push(entry);
    else if (entry.kind === 'file') files.push(entry);
    else if (entry.kind === 'hard-link') hardLinks.push(entry);
    else symlinks.push(entry);
  }
  return { directories, files, hardLinks, symlinks };
}

async function inSlices<T>(items: Iterable<T>, step: (item: T) => void): Promise<void> {
  const slice = createTimeSlice();
  for (const item of items) {
    if (slice.isOver()) await slice.pause();
    step(item);
  }
}

const isDiskFull = (error: unknown) => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '');
