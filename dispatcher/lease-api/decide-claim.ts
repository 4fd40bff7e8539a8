import type { ErrorCode } from '../../execution/error-codes.ts';
import { baseOf } from '../../execution/launch.ts';
import type {
  LeaseRecord,
  RecordWrites,
  RunningExecution,
  SessionRecord,
  StoredRecords,
} from '../../execution/records.ts';

export interface ClaimFacts {
  readonly stored: StoredRecords;
  readonly owner: string;
  readonly cloudRunExecution: string | null;
  readonly now: number;
}

export interface LeasePolicy {
  /** A lease ends this long after its last renewal. */
  readonly leaseMs: number;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly code: Extract<ErrorCode, `lease/${string}`>;
  readonly message: string;
  readonly writes?: never;
}

export type ClaimDecision =
  | {
      readonly kind: 'granted';
      readonly execution: RunningExecution;
      readonly session: SessionRecord;
      readonly lease: LeaseRecord;
      readonly writes?: RecordWrites;
    }
  | Refusal;

/**
 * The fence between two jobs that were started for one lease: the first owner wins and is granted again, because its
 * first answer may have been lost. A claim that comes late is still good while nothing replaced its lease.
 */
export function decideClaim({ stored, owner, cloudRunExecution, now }: ClaimFacts, policy: LeasePolicy): ClaimDecision {
  const { lease, execution, session } = stored;
  if (lease === undefined || execution === undefined || session === undefined) {
    return { kind: 'refused', code: 'lease/unknown', message: 'the lease has ended' };
  }
  if (lease.owner !== null && lease.owner !== owner) {
    return { kind: 'refused', code: 'lease/claimed', message: 'another executor claimed the lease' };
  }
  if (lease.owner === null && lease.cancelReason !== null) {
    return { kind: 'refused', code: 'lease/unknown', message: 'the execution was cancelled before the claim' };
  }
  const isCurrent = 'launch' in execution && execution.launch?.leaseId === lease.leaseId;
  if (isCurrent && execution.state === 'running' && lease.owner === owner) {
    return { kind: 'granted', execution, session, lease };
  }
  if (!isCurrent || execution.state !== 'launching') {
    return { kind: 'refused', code: 'lease/unknown', message: `the execution is ${execution.state}` };
  }
  const claimed: LeaseRecord = { ...lease, owner, cloudRunExecution, claimedAt: now, expiresAt: now + policy.leaseMs };
  const { launch } = execution;
  const running: RunningExecution = {
    ...baseOf(execution),
    starts: execution.starts + 1,
    state: 'running',
    launch,
    claimedAt: now,
  };
  return {
    kind: 'granted',
    execution: running,
    session,
    lease: claimed,
    writes: { lease: claimed, execution: running },
  };
}
