import type { Delivery } from './consumer.ts';
import type { PushConfig, SubscriptionResource } from './resources.ts';

export interface PushRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The HTTP request of one delivery: the JSON envelope, or the bare data when the subscription says `noWrapper`. */
export function pushRequest(delivery: Delivery, resource: SubscriptionResource, config: PushConfig): PushRequest {
  const attempts = resource.deadLetterPolicy === null ? {} : { deliveryAttempt: delivery.deliveryAttempt };
  const { data, attributes, messageId, orderingKey } = delivery.message.wire;
  const publishTime = new Date(delivery.message.publishedMs).toISOString();
  if (config.noWrapper !== undefined) {
    const metadata = {
      ...attributeHeaders(attributes),
      'x-goog-pubsub-subscription-name': resource.name,
      'x-goog-pubsub-message-id': messageId,
      'x-goog-pubsub-publish-time': publishTime,
      ...(orderingKey === '' ? {} : attributeHeaders({ 'x-goog-pubsub-ordering-key': orderingKey })),
    };
    return { url: config.pushEndpoint, headers: config.noWrapper.writeMetadata ? metadata : {}, body: data };
  }
  const message = {
    ...(data.length === 0 ? {} : { data: data.toString('base64') }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    messageId,
    // Google sends id and time in both spellings.
    message_id: messageId,
    publishTime,
    publish_time: publishTime,
    ...(orderingKey === '' ? {} : { orderingKey }),
  };
  const body = Buffer.from(JSON.stringify({ message, subscription: resource.name, ...attempts }));
  return { url: config.pushEndpoint, headers: { 'content-type': 'application/json' }, body };
}

/** Attributes that HTTP allows as headers; the others are left out. */
function attributeHeaders(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const reserved = /^(host|connection|content-length|transfer-encoding|authorization)$/i;
  const fits = ([key, value]: [string, string]) =>
    /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(key) && !reserved.test(key) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  return Object.fromEntries(Object.entries(attributes).filter(fits));
}
