import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { PostResult, WebhookPolicy } from './ports.ts';

/** Failures within it count once: a receiver that is away for a moment must not be disabled by a burst. */
export const failureWindowMs = 1000;

export type BeforePost =
  | { readonly kind: 'post'; readonly webhook: WebhookRecord }
  /** The webhook is gone, and nobody waits for the delivery any more. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'refuse'; readonly code: 'webhook/disabled'; readonly why: string };

export type AfterPost =
  | { readonly kind: 'delivered'; readonly writes?: WebhookRecord }
  | { readonly kind: 'drop'; readonly writes?: never }
  | { readonly kind: 'retry'; readonly why: string; readonly writes?: WebhookRecord }
  | {
      readonly kind: 'refuse';
      readonly code: 'webhook/disabled' | 'webhook/refused';
      readonly why: string;
      readonly writes?: WebhookRecord;
    };

/** Whether a delivery is to be posted. */
export function decideDelivery(webhook: WebhookRecord | undefined): BeforePost {
  if (webhook === undefined) return { kind: 'drop' };
  return webhook.state === 'active' ? { kind: 'post', webhook } : disabledBefore(webhook);
}

const disabledBefore = ({ webhookId, lastFailure }: WebhookRecord) =>
  ({
    kind: 'refuse',
    code: 'webhook/disabled',
    why: `the webhook ${webhookId} is disabled: ${lastFailure?.why ?? 'no failure is known'}`,
  }) as const;

export interface PostFacts {
  /** The webhook as it was when it was posted to. */
  readonly posted: WebhookRecord;
  readonly result: PostResult;
  /** The webhook as it is now. */
  readonly stored: WebhookRecord | undefined;
  readonly now: number;
}

/** What the answer of the receiver comes to, for the delivery and for the webhook. */
export function decideAfterPost(
  { posted, result, stored, now }: PostFacts,
  { maxFailures }: Pick<WebhookPolicy, 'maxFailures'>,
): AfterPost {
  const isSame = stored !== undefined && stored.requestId === posted.requestId;
  const why = describeFailure(result);
  if (why === null) {
    if (!isSame || stored.state === 'disabled' || stored.consecutiveFailures === 0) return { kind: 'delivered' };
    return { kind: 'delivered', writes: { ...stored, consecutiveFailures: 0, updatedAt: now } };
  }
  if (stored === undefined) return { kind: 'drop' };
  if (stored.state === 'disabled') return disabledBefore(stored);
  // It was changed or enabled meanwhile: this failure says nothing of what it is now.
  if (!isSame) return { kind: 'retry', why };

  const failed = { ...stored, lastFailure: { why, failedAt: now }, updatedAt: now };
  if (result.kind === 'refused') {
    const writes: WebhookRecord = { ...failed, state: 'disabled' };
    return {
      kind: 'refuse',
      code: 'webhook/refused',
      why: `${why}; the webhook ${stored.webhookId} is disabled`,
      writes,
    };
  }
  if (isCounted(stored, now)) return { kind: 'retry', why };
  const consecutiveFailures = stored.consecutiveFailures + 1;
  if (consecutiveFailures < maxFailures) return { kind: 'retry', why, writes: { ...failed, consecutiveFailures } };
  return {
    kind: 'refuse',
    code: 'webhook/disabled',
    why: `${why}; after ${consecutiveFailures} failures in a row the webhook ${stored.webhookId} is disabled`,
    writes: { ...failed, state: 'disabled', consecutiveFailures },
  };
}

/** Whether a failure is one with the last that was counted. */
const isCounted = ({ consecutiveFailures, lastFailure }: WebhookRecord, now: number): boolean =>
  consecutiveFailures > 0 && lastFailure !== null && now < lastFailure.failedAt + failureWindowMs;

function describeFailure(result: PostResult): string | null {
  if (result.kind !== 'answered') return result.why;
  return result.status >= 200 && result.status <= 299 ? null : `it answered with status ${result.status}`;
}
