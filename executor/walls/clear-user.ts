import { setTimeout as delay } from 'node:timers/promises';
import { startProcess } from '../start-process.ts';
import { becomeUser, setpriv } from './become-user.ts';
import { signalQuietly } from './processes.ts';
import { livingProcessesOf } from './user-processes.ts';
import type { FileOwner } from './wall.ts';

/**
 * Kills every process of a user. Who is stopped cannot fork any more, and the limit of the user's processes holds, so
 * that a second look finds those who were faster than the first.
 */
export function killUser(uid: number): void {
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    for (const { pid } of livingProcessesOf(uid)) signalQuietly(pid, signal);
  }
}

/** Resolves with whether no process of the user is left. */
export async function clearUser(user: FileOwner, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (let round = 0; livingProcessesOf(user.uid).length > 0; round++) {
    if (performance.now() > deadline) return false;
    killUser(user.uid);
    // Whoever forks faster than it can be looked for: one call reaches all processes of its own user, and nobody forks meanwhile.
    if (round > 0 && round % 5 === 0) await killAllAs(user);
    await delay(Math.min(round, 10));
  }
  return true;
}

async function killAllAs(user: FileOwner): Promise<void> {
  const killer = await startProcess({
    file: setpriv,
    args: [...becomeUser(user), '/bin/bash', '--norc', '--noprofile', '-c', 'kill -KILL -1'],
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await killer.ended;
}
