import type { ErrorCode } from '../execution/error-codes.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { pendingReplay } from '../execution/refuse-replay.ts';
import { type HistoryFacts, withRefusal } from './replay-history.ts';

export interface DismissFacts extends HistoryFacts {
  readonly record: DeadLetterRecord | undefined;
}

export type DismissDecision =
  | { readonly kind: 'dismissed'; readonly record: DeadLetterRecord; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly why: string; readonly writes?: DeadLetterRecord }
  | { readonly kind: 'unknown'; readonly writes?: never };

/**
 * Decides on the dismissal of a dead letter: it is marked, and keeps its bytes until its retention is over. One whose
 * replay is under way is not dismissed, because that replay will make it a replayed one. Repeated, it writes nothing.
 */
export function decideDismiss({ request, record, now }: DismissFacts): DismissDecision {
  if (record === undefined) return { kind: 'unknown' };
  const { replayId, reason } = request;
  const refused = record.replays.find((one) => one.replayId === replayId);
  if (refused !== undefined) {
    return { kind: 'refuse', code: refused.refusedCode ?? 'replay/in-progress', why: refused.refused ?? '' };
  }
  if (record.state === 'dismissed' || record.dismissal?.requestId === replayId) return { kind: 'dismissed', record };
  const pending = pendingReplay(record, now);
  if (pending !== null) {
    const refusal = { code: 'replay/in-progress', why: `the replay ${pending.replayId} is under way` } as const;
    return { kind: 'refuse', ...refusal, writes: withRefusal(record, { request, now }, refusal) };
  }
  const dismissal = { requestId: replayId, reason, dismissedAt: now };
  const dismissed: DeadLetterRecord = { ...record, state: 'dismissed', dismissal };
  return { kind: 'dismissed', record: dismissed, writes: dismissed };
}
