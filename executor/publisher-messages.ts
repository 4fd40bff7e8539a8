import type { ErrorCode } from '../execution/error-codes.ts';
import type { OutgoingMessage } from './publishing.ts';

/** What the publisher's thread is started with: where Google's services are. */
export interface PublisherThreadData {
  readonly google: Parameters<typeof import('../gcp/pubsub-client.ts').createPubsubClient>[0];
}

export type PublisherCall =
  | { readonly kind: 'publish'; readonly id: number; readonly topic: string; readonly message: OutgoingMessage }
  | { readonly kind: 'close'; readonly id: number };

export type PublisherReply =
  | { readonly id: number; readonly ok: true; readonly messageId: string }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly message: string };
