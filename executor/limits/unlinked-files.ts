import { readdirSync, statSync } from 'node:fs';
import type { ProcessRow } from '../walls/processes.ts';

/** Bytes of files that have no name any more and that processes still hold open, on the device of `root`. */
export function unlinkedBytes(root: string, processes: readonly ProcessRow[]): number {
  const device = statSync(root, { bigint: true }).dev;
  const found = new Map<bigint, number>();
  for (const { pid } of processes) {
    for (const path of descriptorsOf(pid)) {
      const stat = quietly(() => statSync(path, { bigint: true }));
      if (stat === null || !stat.isFile() || stat.nlink > 0n || stat.dev !== device) continue;
      found.set(stat.ino, Number(stat.blocks) * 512);
    }
  }
  return [...found.values()].reduce((sum, one) => sum + one, 0);
}

const descriptorsOf = (pid: number): readonly string[] =>
  (quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((name) => `/proc/${pid}/fd/${name}`);

function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null; // it was closed, its process ended, or belongs to somebody else
  }
}
