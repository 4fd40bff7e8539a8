import type { Delivery } from '../execution/delivery.ts';

export type PushEnvelope =
  | { readonly ok: true; readonly delivery: Delivery }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads the body of a wrapped push request
 * (https://cloud.google.com/pubsub/docs/push#receive_push). Never throws.
 */
export function parsePushEnvelope(body: Uint8Array): PushEnvelope {
  const envelope = objectOf(parseJson(new TextDecoder().decode(body)));
  const message = objectOf(envelope?.message);
  if (envelope === null || message === null) return { ok: false, problem: 'no "message" object' };
  const messageId = message.messageId ?? message.message_id;
  const publishedAt = Date.parse(String(message.publishTime ?? message.publish_time));
  if (typeof messageId !== 'string') return { ok: false, problem: 'message.messageId is missing' };
  if (Number.isNaN(publishedAt)) return { ok: false, problem: 'message.publishTime is not a time' };
  return {
    ok: true,
    delivery: {
      data: Buffer.from(String(message.data ?? ''), 'base64'),
      attributes: stringsOf(objectOf(message.attributes) ?? {}),
      messageId,
      publishedAt,
      orderingKey: String(message.orderingKey ?? ''),
      deliveryAttempt: Number(envelope.deliveryAttempt ?? 0),
      subscription: String(envelope.subscription ?? '').replace(/^.*\//, ''),
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;

const stringsOf = (object: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, String(value)]));
