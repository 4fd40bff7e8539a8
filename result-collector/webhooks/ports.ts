import type { Delivery, Disposition } from '../../execution/delivery.ts';
import type { ErrorCode } from '../../execution/error-codes.ts';
import type { WebhookRecord } from '../../execution/webhook-record.ts';

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  /** For receivers of tests: http, and addresses of this machine. */
  readonly allowLoopback: boolean;
}

export type PostResult =
  | { readonly kind: 'answered'; readonly status: number }
  /** The URL leads to where no webhook may be sent; another try cannot help until it is changed. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** What registering and delivering webhooks needs from outside. A rejected call means: nothing is known, deliver again. */
export interface WebhookPorts {
  read(webhookId: string): Promise<WebhookRecord | undefined>;
  /** One transaction; runs `decide` again on contention. `writes: null` deletes. */
  transact<D extends { readonly writes?: WebhookRecord | null }>(
    webhookId: string,
    decide: (stored: WebhookRecord | undefined) => D,
  ): Promise<D>;
  /** Never rejects. */
  post(post: WebhookPost): Promise<PostResult>;
  /** Runs the task when it is the webhook's turn; null when too many wait for it. */
  inTurn(webhookId: string, task: () => Promise<Disposition>): Promise<Disposition | null>;
  deadLetter(delivery: Delivery, code: ErrorCode, reason: string): Promise<void>;
  now(): number;
}

export interface WebhookPolicy {
  /** The deployment's key, from which each webhook's secret is derived; null: webhooks are off. */
  readonly webhookKey: string | null;
  /** After how many failures in a row a webhook is disabled. */
  readonly maxFailures: number;
  readonly timeoutMs: number;
  /** For receivers of tests: http, and addresses of this machine. */
  readonly allowLoopback: boolean;
}
