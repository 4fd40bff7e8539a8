import type { ErrorCode } from '../../execution/error-codes.ts';

/** What a failure of RunJob means for the launch. */
export type LaunchMeaning =
  /** Nobody knows whether a job started: asked for again, as the claim lets only one of them run. */
  | 'retryable'
  /** No job started and one may later: the execution waits for capacity. */
  | 'quota'
  /** No job started and none will: the execution ends. */
  | 'final';

type GoogleCode = Extract<ErrorCode, `google/${string}`>;

/** The one table of launch errors. */
export const launchErrors = {
  'google/unavailable': { meaning: 'retryable', code: 'launch/unavailable' },
  'google/contention': { meaning: 'retryable', code: 'launch/unavailable' },
  // 180 RunJob calls a minute, 1,000 running executions a region (https://cloud.google.com/run/quotas).
  'google/quota': { meaning: 'quota', code: 'launch/quota' },
  'google/not-found': { meaning: 'final', code: 'launch/refused' },
  'google/already-exists': { meaning: 'final', code: 'launch/refused' },
  'google/denied': { meaning: 'final', code: 'launch/refused' },
  'google/invalid': { meaning: 'final', code: 'launch/refused' },
  'google/failed': { meaning: 'final', code: 'launch/refused' },
} as const satisfies Record<GoogleCode, { readonly meaning: LaunchMeaning; readonly code: ErrorCode }>;

/** What `code` means; what no client of Google's said is final. */
export const launchErrorOf = (code: ErrorCode): (typeof launchErrors)[GoogleCode] =>
  launchErrors[code in launchErrors ? (code as GoogleCode) : 'google/failed'];
