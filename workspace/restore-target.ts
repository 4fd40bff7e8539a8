import { closeSync, constants, existsSync, openSync, readdirSync } from 'node:fs';
import { type BytePath, fsPath } from './byte-path.ts';
import { keptModeBits } from './tree-entry.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The directory that is being filled. It was empty, so below it there are only things that the restore made. */
export interface RestoreTarget {
  /** The path by which the process reaches it. */
  readonly base: string;
  /** What a path of the manifest is called here. */
  readonly at: (path: BytePath) => string | Buffer;
  /** Null where files keep the owner that made them. */
  readonly owner: Owner | null;
}

/** Only root may give files away; anyone else's files are their own. */
export function openRestoreTarget(
  root: string,
  owner: Owner | undefined,
): RestoreTarget & { readonly close: () => void } {
  const fd = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const base = `/proc/self/fd/${fd}`;
  try {
    if (!existsSync(base)) throw new Error('restoring a workspace needs /proc, as Linux has it');
    const [name] = readdirSync(base);
    if (name !== undefined) throw new Error(`a workspace is restored into an empty directory: ${root} has ${name}`);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const mayGive = process.geteuid?.() === 0 && owner !== undefined;
  return { ...targetAt(base, mayGive ? owner : null), close: () => closeSync(fd) };
}

/** The same directory for another thread of the process. */
export const targetAt = (base: string, owner: Owner | null): RestoreTarget => ({
  base,
  at: (path) => fsPath(`${base}/${path}`),
  owner,
});

/** What setting times takes: Node refuses negative numbers, as times before 1970 are, but not their text. */
export function secondsOf(mtimeUs: number): number | string {
  const seconds = (mtimeUs + 0.5) / 1e6;
  return seconds < 0 ? String(seconds) : seconds;
}

/** Setuid and setgid are never given, whatever a manifest says. */
export const restoredMode = (mode: number): number => mode & keptModeBits;
