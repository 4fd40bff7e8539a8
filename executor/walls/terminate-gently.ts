import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessRow, signalQuietly } from './processes.ts';

const pollMs = 10;

/**
 * Asks the processes of a command to end: SIGTERM for all but the shell first, then for the shell.
 *
 * The shell is stopped meanwhile. Otherwise it would go on with its next command when the current one ends, or end
 * before it and take it along without its grace. When it is continued it finds its own SIGTERM and may run a trap.
 *
 * @param command all living processes of the command, the shell first; none while it is only about to start
 */
export async function terminateGently(command: () => readonly ProcessRow[], graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs / 2;
  const signaled = new Set<string>();
  for (;;) {
    const [shell, ...others] = command();
    const isLast = others.length === 0 || performance.now() >= deadline;
    if (shell !== undefined && isLast) {
      signalQuietly(shell.pid, 'SIGTERM');
      signalQuietly(shell.pid, 'SIGCONT');
      return;
    }
    if (performance.now() >= deadline) return;
    if (shell !== undefined) signalQuietly(shell.pid, 'SIGSTOP');
    for (const process of others) signalOnce(process, signaled);
    await delay(pollMs);
  }
}

/**
 * Once per program: a shell that has forked and not yet become its program may swallow the signal, and a program that
 * got it twice may take the second one for impatience.
 */
function signalOnce({ pid, startedAt, name }: ProcessRow, signaled: Set<string>): void {
  const program = `${pid} ${startedAt} ${name}`;
  if (signaled.has(program)) return;
  signaled.add(program);
  signalQuietly(pid, 'SIGTERM');
}
