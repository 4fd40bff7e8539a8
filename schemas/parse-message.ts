import { describeProblems } from './describe-problems.ts';
import type {
  CompletionEvent,
  DeadLetter,
  ExecControl,
  ExecRequest,
  FileRequest,
  Notification,
  OutputChunk,
  ReplayRequest,
  Sweep,
  WakeUp,
  WebhookDelivery,
  WebhookRequest,
} from './generated/messages.ts';
import {
  isCompletionEvent,
  isDeadLetter,
  isExecControl,
  isExecRequest,
  isFileRequest,
  isNotification,
  isOutputChunk,
  isReplayRequest,
  isSweep,
  isWakeUp,
  isWebhookDelivery,
  isWebhookRequest,
  type Validator,
} from './generated/validators.js';
import { quote } from './quote.ts';

/** The type of each message by its name and major version, which is also the name of its schema file. */
export interface MessageTypes {
  'exec-request.v1': ExecRequest;
  'exec-control.v1': ExecControl;
  'completion-event.v1': CompletionEvent;
  'output-chunk.v1': OutputChunk;
  'notification.v1': Notification;
  'dead-letter.v1': DeadLetter;
  'wake-up.v1': WakeUp;
  'sweep.v1': Sweep;
  'replay-request.v1': ReplayRequest;
  'webhook-request.v1': WebhookRequest;
  'webhook-delivery.v1': WebhookDelivery;
  'file-request.v1': FileRequest;
}

export type MessageName = keyof MessageTypes;

export interface Refusal {
  readonly ok: false;
  readonly code: 'message/not-json' | 'message/invalid' | 'message/unsupported-version' | 'message/too-large';
  /** Sentences for people; each names a field and the rule that it breaks. Never holds a value that may be a secret. */
  readonly problems: readonly string[];
}

export type ParseResult<T> = { readonly ok: true; readonly message: T } | Refusal;

/** Bytes of data that a Pub/Sub message may have (https://cloud.google.com/pubsub/quotas#resource_limits). */
export const maxMessageBytes = 10_000_000;

/** No valid message comes near; it bounds the work that a hostile one can cause. */
export const maxMessageValues = 10_000;

const validators: { readonly [N in MessageName]: Validator<MessageTypes[N]> } = {
  'exec-request.v1': isExecRequest,
  'exec-control.v1': isExecControl,
  'completion-event.v1': isCompletionEvent,
  'output-chunk.v1': isOutputChunk,
  'notification.v1': isNotification,
  'dead-letter.v1': isDeadLetter,
  'wake-up.v1': isWakeUp,
  'sweep.v1': isSweep,
  'replay-request.v1': isReplayRequest,
  'webhook-request.v1': isWebhookRequest,
  'webhook-delivery.v1': isWebhookDelivery,
  'file-request.v1': isFileRequest,
};

/** The major version that this code reads, of every message. */
const supportedVersion = 1;

const refuse = (code: Refusal['code'], ...problems: readonly string[]): Refusal => ({ ok: false, code, problems });

/**
 * Reads one message from the bytes and attributes that arrived. Total: whatever arrives, the answer is a value.
 *
 * The message's kind and version stand in the attribute `type` ("exec-request.v1"), the version also in the body's
 * field `version`; both may be absent. An unknown major version is told apart from a malformed message, because the
 * publisher may be newer than this reader.
 */
export function parseMessage<N extends MessageName>(
  name: N,
  data: Uint8Array,
  attributes: Readonly<Record<string, string>> = {},
): ParseResult<MessageTypes[N]> {
  if (data.length > maxMessageBytes) return tooLarge(data.length);
  const mislabelled = checkTypeAttribute(name, attributes.type);
  if (mislabelled !== null) return mislabelled;

  const decoded = decodeJson(data);
  return decoded.ok ? checkValue(name, decoded.value) : decoded;
}

/** The same check for a value that was not encoded yet, such as what a caller of the SDK gave. */
export function checkMessage<N extends MessageName>(name: N, value: unknown): ParseResult<MessageTypes[N]> {
  const size = encodedSize(value);
  if (size === null) return refuse('message/invalid', 'the message cannot be written as JSON');
  if (size > maxMessageBytes) return tooLarge(size);
  return checkValue(name, value);
}

function checkValue<N extends MessageName>(name: N, value: unknown): ParseResult<MessageTypes[N]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('message/invalid', `the message must be a JSON object, not ${kindOf(value)}`);
  }
  const version: unknown = 'version' in value ? value.version : undefined;
  if (Number.isInteger(version) && version !== supportedVersion) {
    return refuse('message/unsupported-version', `version ${version} is not read here: only ${supportedVersion} is`);
  }
  if (hasMoreValuesThan(value, maxMessageValues)) {
    return refuse('message/invalid', `the message must not hold more than ${maxMessageValues} values`);
  }
  const isValid: Validator<MessageTypes[N]> = validators[name];
  if (isValid(value)) return { ok: true, message: value };
  return refuse('message/invalid', ...describeProblems(isValid.errors ?? [], value));
}

function checkTypeAttribute(name: MessageName, type: string | undefined): Refusal | null {
  if (type === undefined || type === name) return null;
  const expected = splitVersion(name);
  const told = splitVersion(type);
  if (told !== null && told.base === expected?.base) {
    return refuse('message/unsupported-version', `attribute type ${quote(type)} is not read here: only "${name}" is`);
  }
  return refuse('message/invalid', `attribute type ${quote(type)} must be "${name}" on this topic`);
}

function splitVersion(type: string): { readonly base: string; readonly version: string } | null {
  const match = /^([a-z-]+)\.v(\d+)$/.exec(type);
  return match === null ? null : { base: match[1] ?? '', version: match[2] ?? '' };
}

function decodeJson(data: Uint8Array): { readonly ok: true; readonly value: unknown } | Refusal {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return refuse('message/not-json', 'the data is not UTF-8');
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    return refuse('message/not-json', text === '' ? 'the data is empty' : 'the data is UTF-8 but not JSON');
  }
}

const tooLarge = (bytes: number): Refusal =>
  refuse(
    'message/too-large',
    `the message has ${bytes} bytes: Pub/Sub carries ${maxMessageBytes}; put large values into the bucket and send a pointer`,
  );

function encodedSize(value: unknown): number | null {
  try {
    return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
  } catch {
    return null; // a cycle, a BigInt, or a toJSON that throws
  }
}

/** Counts without recursion: nesting may be deeper than the stack. */
function hasMoreValuesThan(root: object, limit: number): boolean {
  const open: object[] = [root];
  let seen = 0;
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    for (const value of Object.values(container)) {
      seen += 1;
      if (seen > limit) return true;
      if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return false;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return `a ${typeof value}`;
}
