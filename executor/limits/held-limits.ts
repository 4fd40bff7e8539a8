import type { Limits } from '../../execution/limits.ts';
import type { HeldLimits, LimitHolder } from '../../schemas/generated/messages.ts';
import type { Wall } from '../walls/wall.ts';
import type { CommandCgroup } from './cgroup.ts';

/** What a command was held to, and by what of this machine. */
export function heldLimits(
  limits: Limits,
  wall: Pick<Wall, 'kind' | 'countsOwnProcesses'>,
  cgroup: Pick<CommandCgroup, 'version' | 'limitsProcesses' | 'countsCpu'> | null,
): HeldLimits {
  const group: LimitHolder = cgroup === null ? 'none' : `cgroup-v${cgroup.version}`;
  const processes = wall.countsOwnProcesses ? 'rlimit' : 'none';
  const holders: Record<keyof Limits, LimitHolder> = {
    timeoutMs: 'executor',
    idleOutputMs: 'executor',
    cpuMs: cgroup?.countsCpu === true ? group : 'polled',
    memoryMb: cgroup === null ? 'polled' : group,
    pids: cgroup?.limitsProcesses === true ? group : processes,
    openFiles: 'rlimit',
    fileMb: 'rlimit',
    workspaceMb: 'polled',
    workspaceFiles: 'polled',
    tmpMb: wall.kind === 'none' ? 'none' : 'tmpfs',
    outputBytes: 'executor',
  };
  const names = Object.keys(holders) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, { value: limits[name], heldBy: holders[name] }]));
}
