import type { Outcome, Status } from '../schemas/generated/messages.ts';
import { assertNever } from './assert-never.ts';

/** What the executor saw of a command that it started. Several may hold at once; `decideOutcome` orders them. */
export interface EndEvidence {
  /** How the shell ended, by waitpid; null when it was never reaped. */
  readonly exit: { readonly code: number } | { readonly signal: string } | null;
  readonly cancelled: { readonly by: 'request' | 'shutdown'; readonly reason?: string } | null;
  readonly timedOutAfterMs: number | null;
  readonly outputLimitBytes: number | null;
  /** Text that proves it (a kernel counter, say); null when memory was not the reason. */
  readonly outOfMemory: string | null;
}

/**
 * Names the one outcome of a command, in this order of precedence:
 * cancelled, timed out, output limit, out of memory, signaled, exited, lost.
 *
 * What sandbus did to the command comes before how the command then died, because the kill is its consequence.
 */
export function decideOutcome(evidence: EndEvidence): Outcome {
  const { exit, cancelled, timedOutAfterMs, outputLimitBytes, outOfMemory } = evidence;
  if (cancelled !== null) return { kind: 'cancelled', ...cancelled };
  if (timedOutAfterMs !== null) return { kind: 'timed-out', limit: 'wall-time', limitMs: timedOutAfterMs };
  if (outputLimitBytes !== null) return { kind: 'output-limit', limitBytes: outputLimitBytes };
  if (outOfMemory !== null) return { kind: 'out-of-memory', evidence: outOfMemory };
  if (exit === null) return { kind: 'lost', evidence: 'the shell ended without a status' };
  return 'signal' in exit ? { kind: 'signaled', signal: exit.signal } : { kind: 'exited', exitCode: exit.code };
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
