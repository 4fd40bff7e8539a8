import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parseShState } from './sh-state.ts';
import type { ShellKind } from './shell-input.ts';
import { parseStateFile, type StateFile, stateFileLimitBytes } from './state-file.ts';

/**
 * The state that a shell left, or null. The folder was the command's to write: it may hold a link, a pipe or gigabytes
 * under this name. Every process of the command must be dead.
 */
export function readStateFile(path: string, shell: ShellKind): StateFile | null {
  const bytes = readRegularFile(path, stateFileLimitBytes);
  if (bytes === null) return null;
  return shell === 'sh' ? parseShState(bytes) : parseStateFile(bytes);
}

function readRegularFile(path: string, limitBytes: number): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null; // removed, a link, or not readable: in each case the shell left no state
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > limitBytes) return null;
    const bytes = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (count === 0) return null;
      filled += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
