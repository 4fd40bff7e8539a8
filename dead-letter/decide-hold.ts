import { collectionMs, giveUpHold, type HeldResult } from '../execution/held-result.ts';
import { type CapturedResult, isSameEnd, judgeResult } from '../execution/judge-result.ts';
import type { RecordWrites, RunningExecution, StoredRecords } from '../execution/records.ts';
import type { ReplayRefusal } from '../execution/refuse-replay.ts';
import type { CompletionEvent } from '../schemas/generated/messages.ts';

export interface HoldFacts {
  readonly stored: StoredRecords;
  readonly deadLetterId: string;
  readonly now: number;
}

export interface HoldPolicy {
  /** How long an execution is left for its result, once that has become a dead letter. */
  readonly holdMs: number;
}

interface MayWrite {
  readonly writes?: RecordWrites;
}

/**
 * Decides whether an execution waits for its result, which has become a dead letter: while it is in the launch that the
 * result is of. The hold is put up once for a launch and never prolonged, whatever becomes a dead letter after that.
 */
export function decideHold(
  { stored, deadLetterId, now, result }: HoldFacts & { readonly result: CapturedResult },
  { holdMs }: HoldPolicy,
): MayWrite {
  const { execution, lease } = stored;
  if (execution?.state !== 'running' || judgeResult(execution, result) !== null || result.isStandIn) return {};
  const { heldResult } = execution;
  if (heldResult?.deadLetterId === deadLetterId) return {};
  const { outcome } = result;
  const hold = heldResult ?? { heldAt: now, endsAt: now + holdMs };
  return { writes: held(execution, lease, { ...hold, deadLetterId, outcome }) };
}

const held = (execution: RunningExecution, lease: StoredRecords['lease'], heldResult: HeldResult): RecordWrites => ({
  execution: { ...execution, heldResult },
  ...(lease && { lease: { ...lease, isHeld: true } }),
});

export interface ReplayedResultFacts extends HoldFacts {
  readonly event: CompletionEvent;
  /** Whether the replay may have been published before. */
  readonly isRepeat: boolean;
}

/**
 * Decides whether a result that is about to be published again will end its execution. Where it will, nobody else ends the
 * execution meanwhile; where it would change nothing, the replay is refused, and `refusal` says so.
 */
export function decideReplayedResult({
  stored: { execution, lease },
  event,
  deadLetterId,
  now,
  isRepeat,
}: ReplayedResultFacts): MayWrite & { readonly refusal: ReplayRefusal | null } {
  // An earlier delivery of this very replay may have ended it.
  if (isRepeat && execution?.state === 'finished' && isSameEnd(execution, event)) return { refusal: null };
  const refusal = judgeResult(execution, event);
  if (refusal !== null || execution?.state !== 'running') return { refusal };
  const { heldResult } = execution;
  const endsAt = Math.max(heldResult?.endsAt ?? 0, now + collectionMs);
  const { kind: outcome } = event.outcome;
  return {
    refusal: null,
    writes: held(execution, lease, { deadLetterId, outcome, heldAt: heldResult?.heldAt ?? now, endsAt }),
  };
}

/** Gives up the hold for a dead letter that was dismissed; a hold for another one stays. */
export function decideRelease({ stored: { execution }, deadLetterId, now }: HoldFacts): MayWrite {
  if (execution?.state !== 'running' || execution.heldResult?.deadLetterId !== deadLetterId) return {};
  const released = giveUpHold(execution, now);
  return released === execution ? {} : { writes: { execution: released } };
}
