import { messageBytes, type PublishedMessage } from './message.ts';
import { invalidArgument } from './refusals.ts';

/** The documented limits of a publish request. */
export const publishLimits = {
  messagesPerRequest: 1000,
  requestBytes: 10_000_000,
  attributesPerMessage: 100,
  attributeKeyBytes: 256,
  attributeValueBytes: 1024,
  orderingKeyBytes: 1024,
} as const;

/** Refuses with INVALID_ARGUMENT what Google would; the whole request is refused, no message of it is kept. */
export function checkPublishRequest(messages: readonly PublishedMessage[]): void {
  if (messages.length === 0) throw invalidArgument('Invalid messages: at least one message is needed.');
  atMost(messages.length, publishLimits.messagesPerRequest, 'messages', 'messages in a request');
  let requestBytes = 0;
  for (const [index, message] of messages.entries()) {
    checkMessage(message, `messages[${index}]`);
    requestBytes += messageBytes(message);
  }
  atMost(requestBytes, publishLimits.requestBytes, 'messages', 'bytes in a request');
}

function checkMessage(message: PublishedMessage, field: string): void {
  const attributes = Object.entries(message.attributes);
  if (message.data.length === 0 && attributes.length === 0) {
    throw invalidArgument(`Invalid ${field}: a message needs data or at least one attribute.`);
  }
  atMost(attributes.length, publishLimits.attributesPerMessage, `${field}.attributes`, 'attributes');
  atMost(Buffer.byteLength(message.orderingKey), publishLimits.orderingKeyBytes, `${field}.ordering_key`, 'bytes');
  for (const [key, value] of attributes) {
    if (key === '') throw invalidArgument(`Invalid ${field}.attributes: a key must not be empty.`);
    // Google reserves the prefix but accepts what its own clients put there (trace context).
    if (key.startsWith('goog') && !key.startsWith('googclient_')) {
      throw invalidArgument(`Invalid ${field}.attributes key "${key}": keys that start with "goog" are reserved.`);
    }
    atMost(Buffer.byteLength(key), publishLimits.attributeKeyBytes, `${field}.attributes key`, 'bytes');
    atMost(Buffer.byteLength(value), publishLimits.attributeValueBytes, `${field}.attributes["${key}"]`, 'bytes');
  }
}

function atMost(value: number, limit: number, field: string, unit: string): void {
  if (value > limit) throw invalidArgument(`Invalid ${field}: ${value} ${unit}, and the limit is ${limit}.`);
}
