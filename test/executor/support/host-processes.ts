import { readdirSync, readFileSync } from 'node:fs';
import { readProcess } from '../../../executor/walls/processes.ts';
import { until } from '../../support/until.ts';

/** Living processes of this machine that were started with exactly these arguments. */
export function processesOf(...argv: readonly string[]): number[] {
  const wanted = `${argv.join('\0')}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && argumentsOf(name) === wanted)
    .map(Number)
    .filter(isAlive);
}

export const isAlive = (pid: number): boolean => readProcess(pid)?.isZombie === false;

/** Resolves with them once there are any. */
export const startedProcesses = (...argv: readonly string[]): Promise<number[]> =>
  until(`a process ${argv.join(' ')}`, () => {
    const found = processesOf(...argv);
    return found.length > 0 ? found : null;
  });

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
