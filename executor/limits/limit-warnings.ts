import type { Wall } from '../walls/wall.ts';
import type { CommandCgroup } from './cgroup.ts';

export const noMemoryLimit =
  'the memory limit is only looked at ten times a second: this executor cannot make a memory cgroup';
export const noProcessLimit = 'no process limit is in force: without a wall only a cgroup could set one';

/** Which of the announced limits a command ran without. */
export function limitWarnings(
  wall: Pick<Wall, 'countsOwnProcesses'>,
  cgroup: Pick<CommandCgroup, 'limitsProcesses'> | null,
): string[] {
  const isProcessLimited = wall.countsOwnProcesses || cgroup?.limitsProcesses === true;
  return [...(cgroup === null ? [noMemoryLimit] : []), ...(isProcessLimited ? [] : [noProcessLimit])];
}
