import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** One row of the process table, from /proc/PID/stat (proc(5)). */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks after boot; tells a process from a later one with the same pid. */
  readonly startedAt: number;
  /** Of the program that it runs now. */
  readonly name: string;
  /** A zombie has ended and only waits to be reaped. */
  readonly isZombie: boolean;
}

export function readProcess(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, and may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      pid,
      parent: Number(fields[1]),
      startedAt: Number(fields[19]),
      name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      isZombie: fields[0] === 'Z' || fields[0] === 'X',
    };
  } catch {
    return null; // it ended
  }
}

/** Every living process below `ancestor`, oldest first. */
export function livingDescendants(ancestor: number): ProcessRow[] {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((row) => row !== null);
  const family = new Set([ancestor]);
  // A parent may have a higher pid than its child, so one pass is not enough.
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of rows) {
      if (!family.has(parent) || family.has(pid)) continue;
      family.add(pid);
      grown = true;
    }
  }
  return rows
    .filter(({ pid, isZombie }) => pid !== ancestor && family.has(pid) && !isZombie)
    .sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
}

/** A process that has ended meanwhile is no error: that is what a signal is mostly for. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
