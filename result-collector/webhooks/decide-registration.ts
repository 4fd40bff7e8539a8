import { assertNever } from '../../execution/assert-never.ts';
import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { WebhookRequest } from '../../schemas/generated/messages.ts';
import type { WebhookPolicy } from './ports.ts';

export interface RegistrationFacts {
  readonly request: WebhookRequest;
  readonly stored: WebhookRecord | undefined;
  /** What is wrong with the URL that the request names; null for nothing. */
  readonly whyUrlIsRefused: string | null;
  readonly now: number;
}

export type RegistrationDecision =
  | { readonly kind: 'done'; readonly writes?: WebhookRecord | null }
  | {
      readonly kind: 'refuse';
      readonly code: 'webhook/off' | 'webhook/refused' | 'webhook/unknown';
      readonly why: string;
      readonly writes?: never;
    };

/** What a request to register, remove or enable a webhook comes to. Repeated, it comes to the same. */
export function decideRegistration(
  { request, stored, whyUrlIsRefused: why, now }: RegistrationFacts,
  { webhookKey }: Pick<WebhookPolicy, 'webhookKey'>,
): RegistrationDecision {
  const { requestId, webhookId, action } = request;
  // What nobody signs can still be removed.
  if (webhookKey === null && action.kind !== 'remove') {
    return { kind: 'refuse', code: 'webhook/off', why: 'SANDBUS_WEBHOOK_KEY is not set for the result collector' };
  }
  switch (action.kind) {
    case 'put': {
      if (why !== null) return { kind: 'refuse', code: 'webhook/refused', why };
      const { url, tenantId = null, statuses = null, secretVersion = stored?.secretVersion ?? 1 } = action;
      const record: WebhookRecord = {
        ...{ webhookId, url, tenantId, statuses, secretVersion, requestId },
        ...{ state: 'active', consecutiveFailures: 0, lastFailure: null },
        ...{ createdAt: stored?.createdAt ?? now, updatedAt: now },
      };
      return { kind: 'done', writes: record };
    }
    case 'remove':
      return { kind: 'done', ...(stored !== undefined && { writes: null }) };
    case 'enable':
      if (stored === undefined) return { kind: 'refuse', code: 'webhook/unknown', why: `there is no ${webhookId}` };
      return {
        kind: 'done',
        writes: { ...stored, state: 'active', consecutiveFailures: 0, requestId, updatedAt: now },
      };
    default:
      return assertNever(action);
  }
}
