import { assertNever } from './assert-never.ts';

/** What the launcher says of a job that it started. */
export type JobEvidence =
  | { readonly kind: 'unknown' }
  /** Asked for, and its container has not started. */
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'ended';
      readonly cause: JobEndCause;
      readonly exitCode: number | null;
      readonly signal: number | null;
      readonly message: string;
    };

/**
 * exited, signaled: as the process did it; timed-out: by the time limit of the job, not that of the command; cancelled:
 * by somebody, at the launcher; not-started: there was no process, as when its image or program is missing.
 */
export type JobEndCause = 'exited' | 'signaled' | 'timed-out' | 'cancelled' | 'not-started';

/** The evidence in words, for an outcome or a log. */
export function describeEvidence(evidence: JobEvidence): string {
  switch (evidence.kind) {
    case 'unknown':
      return 'the launcher knows nothing of the job';
    case 'waiting':
      return withMessage('the job has not started', evidence.message);
    case 'running':
      return 'the job still runs';
    case 'ended':
      return describeEnd(evidence);
    default:
      return assertNever(evidence);
  }
}

function describeEnd({ cause, exitCode, signal, message }: Extract<JobEvidence, { readonly kind: 'ended' }>): string {
  switch (cause) {
    case 'exited':
      return exitCode === 0
        ? 'the executor ended with exit code 0 and its result never came'
        : withMessage(`the executor ended with exit code ${exitCode}`, message);
    case 'signaled':
      return withMessage(`the executor ended with signal ${signal}`, message);
    case 'timed-out':
      return withMessage('the job was ended at its own time limit', message);
    case 'cancelled':
      return withMessage('the job was cancelled at the launcher', message);
    case 'not-started':
      return withMessage('the container did not start', message);
    default:
      return assertNever(cause);
  }
}

const withMessage = (what: string, message: string) => (message === '' ? what : `${what}: ${message}`);
