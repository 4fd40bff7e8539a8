import { createHmac } from 'node:crypto';
import { secretsEqual } from './keys.ts';

/*
 * A webhook's secret is derived from a key of the deployment, the webhook's id and a version, so no document has it and
 * it can be replaced by counting the version up. Signed are id, time and body, so that neither an old delivery nor a
 * changed one passes. HMAC-SHA-256 (RFC 2104), base64url without padding (RFC 4648 §5).
 */

/** Headers of a delivery; names in lower case, as Node gives them. */
export const webhookHeaders = {
  id: 'sandbus-delivery',
  timestamp: 'sandbus-timestamp',
  signature: 'sandbus-signature',
} as const;

export const deriveWebhookSecret = (webhookKey: string, webhookId: string, version: number): string =>
  createHmac('sha256', webhookKey)
    .update(JSON.stringify(['webhook', webhookId, version]))
    .digest('base64url');

export interface SignedDelivery {
  /** The same however often the delivery is repeated. */
  readonly deliveryId: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

export const signWebhook = (secret: string, { deliveryId, timestamp, body }: SignedDelivery): string =>
  createHmac('sha256', secret)
    .update(`${JSON.stringify(['v1', deliveryId, timestamp])}\n`)
    .update(body)
    .digest('base64url');

export interface ReceivedDelivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before any parser. */
  readonly body: Uint8Array;
  /** One; while a secret is being replaced, the new and the old one. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How far the time of the delivery may be from `now`. */
  readonly toleranceSeconds?: number;
}

const fiveMinutes = 300;

/** For receivers: whether a delivery was made by who has the secret, lately, and as it is. Never throws. */
export function verifyWebhook({ headers, body, secrets, now, toleranceSeconds }: ReceivedDelivery): boolean {
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const deliveryId = text(webhookHeaders.id);
  const stamp = text(webhookHeaders.timestamp);
  if (deliveryId === '' || !/^\d{1,12}$/.test(stamp)) return false;
  const timestamp = Number(stamp);
  if (Math.abs(now / 1000 - timestamp) > (toleranceSeconds ?? fiveMinutes)) return false;
  const signature = text(webhookHeaders.signature);
  return secrets.some((secret) => secretsEqual(signature, signWebhook(secret, { deliveryId, timestamp, body })));
}
