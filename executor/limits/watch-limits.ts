import type { Limits } from '../../execution/limits.ts';
import type { LimitReached } from '../../schemas/generated/messages.ts';
import type { Stops } from '../stops.ts';
import type { RunningCommand } from '../walls/wall.ts';
import type { CommandCgroup } from './cgroup.ts';
import type { Poll } from './poll.ts';
import { type CpuTime, cpuTimeOf, watchCpuTime } from './watch-cpu-time.ts';
import { type IdleWatch, watchIdleOutput } from './watch-idle-output.ts';
import { watchMemory } from './watch-memory.ts';
import { type WrittenFolders, watchWorkspace } from './watch-workspace.ts';

export interface LimitWatch {
  readonly idle: IdleWatch;
  readonly cpu: CpuTime;
  /** Resolves with a sentence for each limit that could not be watched to the end. */
  close(): Promise<readonly string[]>;
}

export interface WatchedCommand {
  readonly running: RunningCommand;
  readonly cgroup: CommandCgroup | null;
  readonly folders: WrittenFolders;
  /** Told each time what the files of the workspace take. */
  onWorkspaceMeasured?(bytes: number): void;
}

/** Watches what the kernel does not hold by itself, and has the command ended where a limit is passed. */
export function watchLimits(watched: WatchedCommand, limits: Limits, stops: Stops): LimitWatch {
  const { running, cgroup, folders } = watched;
  const processes = () => running.processes();
  const { idleOutputMs: limitMs, cpuMs, memoryMb } = limits;
  const evidence = `the command wrote nothing for ${limitMs} ms`;
  const idle = watchIdleOutput(limitMs, () => stops.timeOut({ limit: 'idle-output', limitMs, evidence }));
  const cpu = cpuTimeOf(cgroup, processes);
  const onOver = (diskFull: LimitReached) => stops.endAtOnce({ diskFull });
  const onMeasured = (bytes: number) => watched.onWorkspaceMeasured?.(bytes);
  const polls: readonly (readonly [what: string, poll: Poll])[] = [
    ['processor time', watchCpuTime(cpuMs, cpu, (timedOut) => stops.timeOut(timedOut))],
    ['the workspace', watchWorkspace(folders, limits, processes, onOver, onMeasured)],
    ...(cgroup === null
      ? [['memory', watchMemory(memoryMb, processes, (outOfMemory) => stops.endAtOnce({ outOfMemory }))] as const]
      : []),
  ];
  return {
    idle,
    cpu,
    async close() {
      idle.close();
      const failures = await Promise.all(polls.map(async ([what, poll]) => [what, await poll.stop()] as const));
      return failures.flatMap(([what, error]) =>
        error === null ? [] : [`${what} was not watched all the time: ${error.message}`],
      );
    },
  };
}
