import type { ProcessRow } from '../walls/processes.ts';
import { memoryFileBytes, residentSharedBytes, sharedMemoryOfMachine } from './memory-files.ts';
import { type Poll, startPoll } from './poll.ts';
import { residentMemoryOf } from './process-usage.ts';

const mebibyte = 1024 * 1024;
const everyMs = 100;
/** How long memory files may stay unseen when nothing tells of them. */
const lookForFilesEveryMs = 1000;

/**
 * Holds a command to its memory where no cgroup can: slower than a kernel, which refuses the first page that is too
 * much. RLIMIT_AS would be exact, and would end programs that only reserve address space.
 *
 * Memory files that nobody has mapped belong to no process's memory. They are looked for as soon as the machine's shared memory
 * has grown by what is missing to the limit, and now and then whatever it says: others on the machine may give theirs back
 * meanwhile.
 */
export function watchMemory(
  limitMb: number,
  processes: () => readonly ProcessRow[],
  onOver: (evidence: string) => void,
): Poll {
  const limitBytes = limitMb * mebibyte;
  let leastShared = sharedMemoryOfMachine();
  let lookedForFilesAt = performance.now();
  return startPoll(() => {
    const begunAt = performance.now();
    const found = residentMemoryOf(processes(), limitBytes);
    if (found.bytes > limitBytes) {
      const mebibytes = Math.ceil(found.bytes / mebibyte);
      onOver(`polled: ${mebibytes} MiB resident in ${found.processes} processes at a limit of ${limitMb} MiB`);
      return null;
    }
    const shared = sharedMemoryOfMachine();
    leastShared = Math.min(leastShared, shared);
    if (found.bytes + shared - leastShared > limitBytes || begunAt - lookedForFilesAt >= lookForFilesEveryMs) {
      lookedForFilesAt = begunAt;
      const living = processes();
      const inFiles = memoryFileBytes(living);
      // What is mapped of them is resident too, and counts once.
      const others = Math.max(0, found.bytes - residentSharedBytes(living));
      if (inFiles + others > limitBytes) {
        const [files, resident] = [inFiles, others].map((bytes) => Math.ceil(bytes / mebibyte));
        onOver(
          `polled: ${files} MiB in memory files and ${resident} MiB resident beside them at a limit of ${limitMb} MiB`,
        );
        return null;
      }
    }
    // Looking takes at most a tenth of the time, however many processes there are.
    return Math.max(everyMs, 9 * (performance.now() - begunAt));
  });
}
