import { constants } from 'node:os';
import type { ExecutionResult } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';

/** Codes of the command itself are passed through; these are for what a command cannot say, as shells and `timeout` do. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  timedOut: 124,
  /** sandbus could not run the command or does not know how it ended. */
  notRun: 125,
  interrupted: 130,
  /** 128 + SIGKILL: what ended the command when it went over a limit. */
  killed: 137,
  /** 128 + SIGPIPE. */
  brokenPipe: 141,
} as const;

/** The exit code of `sandbus exec` for an execution. */
export function exitCodeOf({ outcome }: Pick<ExecutionResult, 'outcome'>): number {
  switch (outcome.kind) {
    case 'exited':
      return outcome.exitCode;
    case 'signaled':
      return signalCode(outcome.signal);
    case 'timed-out':
      return exitCodes.timedOut;
    case 'cancelled':
      return exitCodes.interrupted;
    case 'out-of-memory':
    case 'output-limit':
      return exitCodes.killed;
    case 'launch-failed':
    case 'rejected':
    case 'lost':
      return exitCodes.notRun;
    default:
      return assertNever(outcome);
  }
}

function signalCode(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  const number = numbers[signal];
  return number === undefined ? exitCodes.notRun : 128 + number;
}
