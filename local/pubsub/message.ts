import type { ProtoTime } from './proto-time.ts';

/** What a publisher sends; ids and times that it may set are ignored, as Google does. */
export interface PublishedMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** A message once the server has it: immutable, shared by all subscriptions of its topic. */
export interface StoredMessage {
  /** Position in the order of publishing, unique in the server; also the message id. */
  readonly seq: number;
  readonly publishedMs: number;
  readonly bytes: number;
  /** As google.pubsub.v1.PubsubMessage. */
  readonly wire: PublishedMessage & { readonly messageId: string; readonly publishTime: ProtoTime };
}

/** Bytes that count against limits and flow control: data, attributes and ordering key. */
export function messageBytes(message: PublishedMessage): number {
  let bytes = message.data.length + Buffer.byteLength(message.orderingKey);
  for (const [key, value] of Object.entries(message.attributes))
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes;
}
