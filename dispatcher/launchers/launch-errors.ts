import type { ErrorCode } from '../../execution/error-codes.ts';

/** What a failure to start a job means for the launch. */
export type LaunchMeaning =
  /** Nobody knows whether a job started: asked for again, as the claim lets only one of them run. */
  | 'retryable'
  /** No job started and one may later: the execution waits for capacity. */
  | 'quota'
  /** No job started and none will: the execution ends. */
  | 'final';

type LauncherCode = Extract<ErrorCode, `google/${string}` | `container/${string}`>;

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
  'container/unreachable': { meaning: 'retryable', code: 'launch/unavailable' },
  // Somebody removes or starts the container of this lease at this moment.
  'container/name-taken': { meaning: 'retryable', code: 'launch/unavailable' },
  'container/unknown': { meaning: 'retryable', code: 'launch/unavailable' },
  'container/no-room': { meaning: 'quota', code: 'launch/quota' },
  'container/program-missing': { meaning: 'final', code: 'launch/refused' },
  'container/image-missing': { meaning: 'final', code: 'launch/refused' },
  'container/denied': { meaning: 'final', code: 'launch/refused' },
  'container/failed': { meaning: 'final', code: 'launch/refused' },
} as const satisfies Record<LauncherCode, { readonly meaning: LaunchMeaning; readonly code: ErrorCode }>;

/** What `code` means; what no launcher said is final. */
export const launchErrorOf = (code: ErrorCode): (typeof launchErrors)[LauncherCode] =>
  launchErrors[code in launchErrors ? (code as LauncherCode) : 'google/failed'];
