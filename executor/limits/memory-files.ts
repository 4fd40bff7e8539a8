import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { ProcessRow } from '../walls/processes.ts';

/** Bytes of files that are nothing but memory (memfd_create(2)) and that processes have open, mapped or not. */
export function memoryFileBytes(processes: readonly ProcessRow[]): number {
  const found = new Map<bigint, number>();
  for (const { pid } of processes) {
    for (const path of descriptorsOf(pid)) {
      const stat = quietly(() => (readlinkSync(path).startsWith('/memfd:') ? statSync(path, { bigint: true }) : null));
      if (stat !== null) found.set(stat.ino, Number(stat.blocks) * 512);
    }
  }
  return sum([...found.values()]);
}

/** What of their resident memory is such files, or other memory with an owner of its own. */
export const residentSharedBytes = (processes: readonly ProcessRow[]): number =>
  sum(processes.map(({ pid }) => kibibytes(`/proc/${pid}/status`, 'RssShmem')));

/** Of the whole machine: all memory files, /tmp and /dev/shm of all walls, System V shared memory. */
export const sharedMemoryOfMachine = (): number => kibibytes('/proc/meminfo', 'Shmem');

function kibibytes(path: string, name: string): number {
  const text = quietly(() => readFileSync(path, 'latin1')) ?? '';
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const descriptorsOf = (pid: number): readonly string[] =>
  (quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((name) => `/proc/${pid}/fd/${name}`);

function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null; // it was closed, its process ended, or belongs to somebody else
  }
}
