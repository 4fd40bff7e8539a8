import { isInTime } from '../../execution/lease-expiry.ts';
import type { LeaseRecord, RecordWrites, StoredRecords } from '../../execution/records.ts';
import type { LeasePolicy, Refusal } from './decide-claim.ts';

export interface HolderFacts {
  readonly stored: StoredRecords;
  /** Whether the caller proved to be this owner. */
  readonly isOwner: (owner: string) => boolean;
  readonly now: number;
}

export type HolderDecision = { readonly kind: 'held'; readonly lease: LeaseRecord; readonly writes?: never } | Refusal;

/**
 * Whether the caller still holds the lease. From the instant it ends the answer is no, even if nobody noticed yet: the
 * sweeper may be about to tell the world that the execution is lost.
 */
export function decideHolder({ stored: { lease }, isOwner, now }: HolderFacts): HolderDecision {
  if (lease === undefined) return { kind: 'refused', code: 'lease/unknown', message: 'the lease has ended' };
  if (lease.owner === null || !isOwner(lease.owner)) {
    return { kind: 'refused', code: 'lease/unauthorized', message: 'the secret is not that of the holder' };
  }
  if (!isInTime(lease, now)) {
    return { kind: 'refused', code: 'lease/expired', message: 'the lease ran out before it was renewed' };
  }
  return { kind: 'held', lease };
}

export type HeartbeatDecision =
  | { readonly kind: 'renewed'; readonly cancelReason: string | null; readonly writes: RecordWrites }
  | Refusal;

/** Renews the lease of its holder and tells whether the execution is to stop. */
export function decideHeartbeat(facts: HolderFacts, policy: LeasePolicy): HeartbeatDecision {
  const holder = decideHolder(facts);
  if (holder.kind === 'refused') return holder;
  const lease = { ...holder.lease, expiresAt: facts.now + policy.leaseMs };
  return { kind: 'renewed', cancelReason: lease.cancelReason, writes: { lease } };
}
