import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
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
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in parentheses, and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parent: Number(fields[1]),
    startedAt: Number(fields[19]),
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** The only child of a process; null when it has none or several. */
export function readOnlyChild(parent: number): number | null {
  const children = readText(`/proc/${parent}/task/${parent}/children`);
  // The file needs a kernel option (CONFIG_PROC_CHILDREN).
  const pids =
    children?.trim().split(' ').filter(Boolean).map(Number) ?? livingDescendants(parent).map(({ pid }) => pid);
  return pids.length === 1 ? (pids[0] ?? null) : null;
}

/**
 * Whether a process is stopped (or dead), and whether SIGTERM would wait even then: a shell blocks it while it forks, and
 * is stopped in the midst of that when the kernel has not made the child yet.
 */
export function readRest(pid: number): 'running' | 'stopped' | 'blocking' {
  const status = readText(`/proc/${pid}/status`) ?? 'State:\tX';
  if (/^State:\t[^TZX]/m.test(status)) return 'running';
  return isBlocked(status) ? 'blocking' : 'stopped';
}

/** Whether SIGTERM would wait, whatever the process does; false of one that has ended. */
export const blocksTermination = (pid: number): boolean => isBlocked(readText(`/proc/${pid}/status`) ?? '');

function isBlocked(status: string): boolean {
  const blocked = BigInt(`0x${/^SigBlk:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? 0}`);
  return ((blocked >> BigInt(constants.signals.SIGTERM - 1)) & 1n) === 1n;
}

/**
 * What a process hands down to those that it starts, as text. Another process of the same user may change it from
 * outside (prlimit(2), setpriority(2), sched_setscheduler(2)).
 */
export function readInherited(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`) ?? '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // nice, rt_priority and policy, as proc(5) numbers them: 19, 40, 41.
  const priorities = [fields[16], fields[37], fields[38]];
  const affinity = /^Cpus_allowed:.*$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[0];
  return [readText(`/proc/${pid}/limits`), ...priorities, affinity].join('\n');
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null; // it ended, or this kernel has no such file
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
