import { readFileSync } from 'node:fs';
import { type ProcessRow, readProcess } from '../walls/processes.ts';

/** /proc counts processor time in ticks of 10 ms (USER_HZ, proc(5)). */
const tickMs = 10;
/** Linux has pages of 4 KiB on x86-64, and on arm64 as Google Cloud runs it. */
const pageBytes = 4096;

/** What living processes have used: their own times, and those of children that they have waited for. */
export function cpuMsOf(processes: readonly ProcessRow[]): number {
  return processes.reduce((sum, { pid }) => {
    const fields = statFields(pid);
    // utime, stime, cutime, cstime
    return sum + [11, 12, 13, 14].reduce((ticks, index) => ticks + Number(fields[index] ?? 0), 0) * tickMs;
  }, 0);
}

export interface ResidentMemory {
  readonly bytes: number;
  readonly processes: number;
}

/**
 * Memory that processes hold. Pages that several of them share count for each of them at first; only where that is over
 * the limit the kernel is asked for shares (smaps_rollup), because that costs it a walk through every mapping.
 */
export function residentMemoryOf(processes: readonly ProcessRow[], limitBytes: number): ResidentMemory {
  const resident = sum(processes.map(({ pid }) => Number(statFields(pid)[21] ?? 0) * pageBytes));
  if (resident <= limitBytes) return { bytes: resident, processes: processes.length };
  const shares = processes.map(({ pid }) => proportionalBytes(pid) ?? Number(statFields(pid)[21] ?? 0) * pageBytes);
  return { bytes: sum(shares), processes: processes.length };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function proportionalBytes(pid: number): number | null {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** From the third field on; none when the process has ended. */
function statFields(pid: number): readonly string[] {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it ended, or belongs to somebody else
  }
}

/** Tells whether one process has exited, though nobody may have waited for it yet. */
export function followProcess(pid: number): { hasExited(): boolean } {
  const startedAt = readProcess(pid)?.startedAt ?? null;
  return {
    hasExited() {
      const row = readProcess(pid);
      return row === null || row.isZombie || row.startedAt !== startedAt;
    },
  };
}
