import { chdir, cwd } from 'node:process';
import { isMainThread } from 'node:worker_threads';

/** How a name of an open directory is reached: /proc/self/fd/N/name stands for openat, which Node does not have. */
export const descriptorPath = (fd: number): string => `/proc/self/fd/${fd}`;

/**
 * Runs something synchronous whose relative paths are names in an open directory. Going through /proc takes longer than
 * the rest of a stat does, so a directory is gone into once for all of its names.
 *
 * `below` is what stands before each name. It is not empty where the process cannot change its directory, as in a thread
 * other than the main one, or cannot come back to it, or may not go there. Nothing else runs meanwhile, and afterwards the
 * directory is again the one that it was.
 */
export function inDirectory<T>(fd: number, action: (below: string) => T): T {
  const home = homeDirectory();
  if (home === null || !goes(fd)) return action(`${descriptorPath(fd)}/`);
  try {
    return action('');
  } finally {
    goHome(home);
  }
}

/** A directory that is open may still be closed to its own user: then each name tells so. */
function goes(fd: number): boolean {
  try {
    chdir(descriptorPath(fd));
    return true;
  } catch {
    return false;
  }
}

/** It may have been removed, and then there is no place that is better than another. */
function goHome(home: string): void {
  try {
    chdir(home);
  } catch {
    chdir('/');
  }
}

/** Null: there is no way back. */
function homeDirectory(): string | null {
  if (!isMainThread) return null;
  try {
    return cwd();
  } catch {
    return null;
  }
}
