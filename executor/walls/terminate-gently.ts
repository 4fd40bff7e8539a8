import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessRow, signalQuietly } from './processes.ts';

const pollMs = 10;

/**
 * Asks the processes of a command to end: SIGTERM for all but the shell first, then for the shell.
 *
 * The shell is stopped meanwhile. Otherwise it would go on with its next command when the current one ends, or end
 * before it and take it along without its grace. When it is continued it finds its own SIGTERM and may run a trap.
 *
 * @param command all living processes of the command, the shell first
 */
export async function terminateGently(command: () => readonly ProcessRow[], graceMs: number): Promise<void> {
  const [shell, ...others] = command();
  if (shell === undefined) return;
  const deadline = performance.now() + graceMs / 2;
  if (others.length > 0) {
    signalQuietly(shell.pid, 'SIGSTOP');
    for (const { pid } of others) signalQuietly(pid, 'SIGTERM');
    while (command().length > 1 && performance.now() < deadline) await delay(pollMs);
  }
  signalQuietly(shell.pid, 'SIGTERM');
  signalQuietly(shell.pid, 'SIGCONT');
}
