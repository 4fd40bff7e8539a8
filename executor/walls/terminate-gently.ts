import { setTimeout as delay } from 'node:timers/promises';
import { blocksTermination, type ProcessRow, readRest, signalQuietly } from './processes.ts';

const pollMs = 10;
/** For a shell to stop, or to fork. */
const momentMs = 1;
/** A shell that takes longer does something else, and looking costs a walk through all processes. */
const moments = 20;

/**
 * Asks the processes of a command to end: SIGTERM for all but the shell first, then for the shell.
 *
 * The shell is stopped meanwhile. Otherwise it would go on with its next command when the current one ends, or end
 * before it and take it along without its grace. When it is continued it finds its own SIGTERM and may run a trap.
 *
 * A shell without children may be about to have one. It would look at its SIGTERM when that child has ended by itself, so
 * it is let go on until the child is there.
 *
 * @param command all living processes of the command, the shell first; none while it is only about to start
 */
export async function terminateGently(command: () => readonly ProcessRow[], graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs / 2;
  const signaled = new Set<string>();
  let stopped: number | undefined;
  let isAsked = false;
  const ask = (shell: ProcessRow) => {
    if (!isAsked) signalQuietly(shell.pid, 'SIGTERM');
    isAsked = true;
  };
  for (let look = 1; ; look += 1) {
    // Looked at before its children are: those that it has now are all that it will have.
    const rest = stopped === undefined ? 'running' : readRest(stopped);
    const [shell, ...others] = command();
    const isLate = performance.now() >= deadline;
    if (shell !== undefined && (isLate || (others.length === 0 && rest === 'stopped'))) {
      ask(shell);
      signalQuietly(shell.pid, 'SIGCONT');
      return;
    }
    if (isLate || (isAsked && shell === undefined)) return;
    if (shell !== undefined) {
      const isForking: boolean = others.length === 0 && rest === 'blocking';
      // The child may have been there all along, and have ended by our signal: then nothing but the shell is left to ask. It
      // would go on with its next command, or save its state, and meet its SIGTERM in the midst of that.
      if (isForking && signaled.size > 0) ask(shell);
      stopped = !isForking || letFork(shell.pid) ? shell.pid : undefined;
      if (stopped !== undefined) signalQuietly(stopped, 'SIGSTOP');
    }
    for (const process of others) signalOnce(process, signaled);
    await delay(others.length === 0 && look <= moments ? momentMs : pollMs);
  }
}

/** Reads of a process's state, some 20 µs each. */
const forkReads = 200;

/** Lets a shell that is stopped while it forks go on for no longer than that takes; false when it still runs. */
function letFork(pid: number): boolean {
  signalQuietly(pid, 'SIGCONT');
  for (let reads = 0; reads < forkReads; reads += 1) {
    if (!blocksTermination(pid)) return true;
  }
  return false;
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
