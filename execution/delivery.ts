/** One arrival of a message. */
export interface Delivery {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
  readonly publishedAt: number;
  readonly orderingKey: string;
  /** 1 at the first delivery; 0 when the subscription does not count. Approximate, as Pub/Sub says. */
  readonly deliveryAttempt: number;
  readonly subscription: string;
}

/** What becomes of a delivery. Nacked means: deliver again. */
export type Disposition = { readonly kind: 'ack' } | { readonly kind: 'nack'; readonly reason: string };

export const ack: Disposition = { kind: 'ack' };
export const nack = (reason: string): Disposition => ({ kind: 'nack', reason });
