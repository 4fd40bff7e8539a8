import type { ProcessRow } from '../walls/processes.ts';
import { type Poll, startPoll } from './poll.ts';
import { residentMemoryOf } from './process-usage.ts';

const mebibyte = 1024 * 1024;
const everyMs = 100;

/**
 * Holds a command to its memory where no cgroup can: slower than a kernel, which refuses the first page that is too
 * much. RLIMIT_AS would be exact, and would end programs that only reserve address space.
 */
export function watchMemory(
  limitMb: number,
  processes: () => readonly ProcessRow[],
  onOver: (evidence: string) => void,
): Poll {
  return startPoll(() => {
    const begunAt = performance.now();
    const found = residentMemoryOf(processes(), limitMb * mebibyte);
    if (found.bytes > limitMb * mebibyte) {
      const mebibytes = Math.ceil(found.bytes / mebibyte);
      onOver(`polled: ${mebibytes} MiB resident in ${found.processes} processes at a limit of ${limitMb} MiB`);
      return null;
    }
    // Looking takes at most a tenth of the time, however many processes there are.
    return Math.max(everyMs, 9 * (performance.now() - begunAt));
  });
}
