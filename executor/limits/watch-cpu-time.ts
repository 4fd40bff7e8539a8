import { availableParallelism } from 'node:os';
import type { EndEvidence } from '../../execution/outcome.ts';
import type { StopCause, TimedOut } from '../stops.ts';
import type { ProcessRow } from '../walls/processes.ts';
import type { CommandCgroup } from './cgroup.ts';
import { type Poll, startPoll } from './poll.ts';
import { cpuMsOf } from './process-usage.ts';

export interface CpuTime {
  /** What is known to have been used. */
  usedMs(): number;
  /** Where that comes from. */
  readonly source: string;
}

/** Counts by the group where there is one, else by the processes: then what an orphan used is forgotten with it. */
export function cpuTimeOf(cgroup: CommandCgroup | null, processes: () => readonly ProcessRow[]): CpuTime {
  let most = 0;
  const counted = cgroup !== null && cgroup.cpuMs() !== null;
  return {
    source: counted ? 'the counter of the cgroup' : 'the times of its processes',
    usedMs() {
      most = Math.max(most, counted ? (cgroup.cpuMs() ?? 0) : cpuMsOf(processes()));
      return most;
    },
  };
}

const shortestMs = 20;

/** Looks no earlier than the limit can be reached with all processors of this machine. */
export function watchCpuTime(limitMs: number, time: CpuTime, onOver: (cause: TimedOut) => void): Poll {
  return startPoll(() => {
    const begunAt = performance.now();
    const usedMs = time.usedMs();
    // Looking takes at most a tenth of the time, however many processes there are.
    const shortestWaitMs = Math.max(shortestMs, 9 * (performance.now() - begunAt));
    if (usedMs < limitMs)
      return Math.min(2 ** 30, Math.max(shortestWaitMs, (limitMs - usedMs) / availableParallelism()));
    onOver(cpuTimeOver(limitMs, usedMs, time.source));
    return null;
  });
}

const cpuTimeOver = (limitMs: number, usedMs: number, source: string): TimedOut => ({
  limit: 'cpu-time',
  limitMs,
  evidence: `${Math.round(usedMs)} ms of processor time by ${source}, at a limit of ${limitMs} ms`,
});

/**
 * The cause of an end, where the kernel's limit of each process (RLIMIT_CPU) may have been faster than our look at all of
 * them: it kills, and says nothing.
 */
export function orCpuTime(cause: StopCause, exit: EndEvidence['exit'], time: CpuTime, limitMs: number): StopCause {
  const isKilled = exit !== null && 'signal' in exit && ['SIGKILL', 'SIGXCPU'].includes(exit.signal);
  const wasStopped = Object.values(cause).some((one) => one !== null);
  if (wasStopped || !isKilled) return cause;
  const usedMs = time.usedMs();
  return usedMs < limitMs ? cause : { ...cause, timedOut: cpuTimeOver(limitMs, usedMs, time.source) };
}
