import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One stack a folder: its process id stands in this file while it runs. */
const claimFile = 'stack.pid';

/**
 * Claims the folder for this process. Resolves with null, or with the process whose stack runs there already. The file is
 * made in one step, so of two that start at once one is told of the other; what a dead process left is taken over.
 */
export function claimFolder(folder: string, pid: number): number | null {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, claimFile);
  for (;;) {
    try {
      writeFileSync(file, `${pid}\n`, { flag: 'wx', mode: 0o600 });
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder !== null && isAlive(holder)) return holder;
    rmSync(file, { force: true });
  }
}

/** Gives the folder back, if this process holds it. */
export function releaseFolder(folder: string, pid: number): void {
  const file = join(folder, claimFile);
  if (readHolder(file) === pid) rmSync(file, { force: true });
}

function readHolder(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null; // given back meanwhile
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
