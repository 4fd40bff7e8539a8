import type { LimitReached, Outcome, Status, TimeLimit } from '../schemas/generated/messages.ts';
import { assertNever } from './assert-never.ts';

/** What the executor saw of a command that it started. Several may hold at once; `decideOutcome` orders them. */
export interface EndEvidence {
  /** How the shell ended, by waitpid; null when it was never reaped. */
  readonly exit: { readonly code: number } | { readonly signal: string } | null;
  readonly cancelled: { readonly by: 'request' | 'shutdown'; readonly reason?: string } | null;
  readonly timedOut: { readonly limit: TimeLimit; readonly limitMs: number; readonly evidence: string } | null;
  readonly outputLimitBytes: number | null;
  /** Text that proves it (a kernel counter, say); null when memory was not the reason. */
  readonly outOfMemory: string | null;
  /** The command was killed for what it put into the workspace. Not an outcome of its own: a hint beside the others. */
  readonly diskFull: LimitReached | null;
}

/**
 * Names the one outcome of a command, in this order of precedence:
 * cancelled, timed out, output limit, out of memory, signaled, exited, lost. docs/ends.md explains it.
 *
 * What sandbus did to the command comes before how the command then died, because the kill is its consequence.
 */
export function decideOutcome(evidence: EndEvidence): Outcome {
  const { exit, cancelled, timedOut, outputLimitBytes, outOfMemory } = evidence;
  if (cancelled !== null) return { kind: 'cancelled', ...cancelled };
  if (timedOut !== null) return { kind: 'timed-out', limit: timedOut.limit, limitMs: timedOut.limitMs };
  if (outputLimitBytes !== null) return { kind: 'output-limit', limitBytes: outputLimitBytes };
  if (outOfMemory !== null) return { kind: 'out-of-memory', evidence: outOfMemory };
  if (exit === null) return { kind: 'lost', evidence: 'the shell ended without a status' };
  return 'signal' in exit ? { kind: 'signaled', signal: exit.signal } : { kind: 'exited', exitCode: exit.code };
}

const limitOfTime = { 'wall-time': 'timeoutMs', 'idle-output': 'idleOutputMs', 'cpu-time': 'cpuMs' } as const;

/** The limit that ended a command, with what proves it; null when none did. It is the one that the outcome tells of. */
export function findLimitReached(evidence: EndEvidence): LimitReached | null {
  const { cancelled, timedOut, outputLimitBytes, outOfMemory, diskFull } = evidence;
  if (cancelled !== null) return null;
  if (timedOut !== null) return { limit: limitOfTime[timedOut.limit], evidence: timedOut.evidence };
  if (outputLimitBytes !== null) {
    return { limit: 'outputBytes', evidence: `stdout and stderr together are more than ${outputLimitBytes} bytes` };
  }
  if (outOfMemory !== null) return { limit: 'memoryMb', evidence: outOfMemory };
  return diskFull;
}

/** The outcome in the one word that attributes, filters and tables carry. */
export function statusOf(outcome: Outcome): Status {
  switch (outcome.kind) {
    case 'exited':
      return outcome.exitCode === 0 ? 'succeeded' : 'failed';
    case 'signaled':
    case 'out-of-memory':
    case 'output-limit':
      return 'failed';
    case 'timed-out':
    case 'cancelled':
    case 'rejected':
    case 'launch-failed':
    case 'lost':
      return outcome.kind;
    default:
      return assertNever(outcome);
  }
}

/** The exit code of a command that exited, else null. */
export const exitCodeOf = (outcome: Outcome): number | null => (outcome.kind === 'exited' ? outcome.exitCode : null);

/** The signal that ended the command of its own accord, else null. */
export const signalOf = (outcome: Outcome): string | null => (outcome.kind === 'signaled' ? outcome.signal : null);
