import type { MessageName, MessageTypes } from './parse-message.ts';

/** What a message's envelope tells beside its fields. */
export interface MessageContext {
  /** Unique per source: the same id is the same event (CloudEvents `id`). */
  readonly id: string;
  /** Who sends it, as a URI reference (CloudEvents `source`), such as "/sandbus/dispatcher". */
  readonly source: string;
  /** RFC 3339. */
  readonly time: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
}

export interface EncodedMessage {
  readonly data: Uint8Array;
  readonly attributes: Record<string, string>;
}

/** Bytes of an attribute's value (https://cloud.google.com/pubsub/quotas#resource_limits). */
const maxAttributeBytes = 1024;

/**
 * Writes one message: its JSON, and the attributes that filters and CloudEvents readers need
 * (CloudEvents Pub/Sub binding, binary mode: prefix `ce-`, and `content-type`).
 *
 * Trusts the message's type and does not validate; check what comes from outside with `checkMessage` first.
 * A value that Pub/Sub cannot carry as an attribute is left out rather than cut: a cut id would name something else.
 */
export function encodeMessage<N extends MessageName>(
  name: N,
  message: MessageTypes[N],
  context: MessageContext,
): EncodedMessage {
  const candidates = {
    type: name,
    ...identityOf(message),
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': context.id,
    'ce-source': context.source,
    'ce-type': `dev.sandbus.${name}`,
    'ce-time': context.time,
    traceparent: context.traceparent,
  };
  return {
    data: new TextEncoder().encode(JSON.stringify(message)),
    attributes: Object.fromEntries(Object.entries(candidates).filter(isCarriable)),
  };
}

interface Identity {
  readonly executionId?: string | null;
  readonly sessionId?: string | null;
  readonly tenantId?: string;
  readonly status?: string;
}

/** Whom a message is about, wherever in the message that stands. */
function identityOf(message: MessageTypes[MessageName] & Identity): Identity {
  const { executionId = targetOf(message), sessionId, tenantId, status } = message;
  return {
    ...(executionId === undefined ? {} : { executionId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(status === undefined ? {} : { status }),
  };
}

const targetOf = (message: MessageTypes[MessageName]): string | undefined =>
  'action' in message && 'executionId' in message.action ? message.action.executionId : undefined;

function isCarriable(entry: readonly [string, unknown]): entry is [string, string] {
  const value = entry[1];
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  return new TextEncoder().encode(value).length <= maxAttributeBytes;
}
