import type { Status } from '../schemas/generated/messages.ts';

/* What Firestore holds of a webhook; see records.ts for how times are written. */

/** A receiver of notifications. Its secret is derived and stands nowhere. */
export interface WebhookRecord {
  readonly webhookId: string;
  readonly url: string;
  /** null: of all tenants. */
  readonly tenantId: string | null;
  /** Ends that it is told of; null: all. */
  readonly statuses: readonly Status[] | null;
  readonly secretVersion: number;
  readonly state: 'active' | 'disabled';
  /** Since the last delivery that succeeded; those within a second count once. */
  readonly consecutiveFailures: number;
  readonly lastFailure: { readonly why: string; readonly failedAt: number } | null;
  /** The request that it was last changed by. */
  readonly requestId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}
