import protobuf from 'protobufjs';
import { invalidArgument } from './refusals.ts';

type Json = Record<string, unknown>;

/**
 * The protobuf JSON mapping, as far as the messages of Cloud Run need it: both spellings of a field's name, enums by
 * name, 64-bit numbers as strings, times, durations and Any.
 */

/** Throws INVALID_ARGUMENT with the path of what does not fit the message type. */
export function messageFromJson(type: protobuf.Type, json: unknown, path = ''): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalidArgument(path === '' ? 'body' : path, 'must be an object');
  }
  const message: Json = {};
  for (const [key, value] of Object.entries(json)) {
    const field = own(type.fields, key) ?? own(type.fields, toCamelCase(key));
    const at = path === '' ? key : `${path}.${key}`;
    if (field === undefined) throw invalidArgument(at, `is not a field of ${type.name}`);
    if (value === null) continue;
    const rival = field.partOf?.oneof.find((member) => Object.hasOwn(message, member));
    if (rival !== undefined) throw invalidArgument(at, `cannot be set beside ${rival}: they are of one oneof`);
    message[field.name] = fieldFromJson(field.resolve(), value, at);
  }
  return message;
}

function fieldFromJson(field: protobuf.Field, value: unknown, path: string): unknown {
  if (field.map) {
    if (typeof value !== 'object' || value === null) throw invalidArgument(path, 'must be an object');
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, one]) => [key, valueFromJson(field, one, `${path}.${key}`)]));
  }
  if (!field.repeated) return valueFromJson(field, value, path);
  if (!Array.isArray(value)) throw invalidArgument(path, 'must be an array');
  return value.map((one, index) => valueFromJson(field, one, `${path}[${index}]`));
}

function valueFromJson(field: protobuf.Field, value: unknown, path: string): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) {
    const known: unknown[] =
      typeof value === 'number' ? Object.values(resolvedType.values) : Object.keys(resolvedType.values);
    if (known.includes(value)) return value;
    throw invalidArgument(path, `'${value}' is not one of ${Object.keys(resolvedType.values).join(', ')}`);
  }
  switch (resolvedType?.fullName) {
    case undefined:
      return scalarFromJson(field.type, value, path);
    case '.google.protobuf.Duration':
      return durationFromJson(value, path);
    case '.google.protobuf.Timestamp':
      return timestampFromJson(value, path);
    default:
      return messageFromJson(resolvedType as protobuf.Type, value, path);
  }
}

function scalarFromJson(type: string, value: unknown, path: string): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value;
      throw invalidArgument(path, 'must be a string');
    case 'bool':
      // Parameters of a query arrive as text.
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw invalidArgument(path, 'must be true or false');
    default: {
      const text = String(value);
      if (!/^-?\d+$/.test(text)) throw invalidArgument(path, `'${text}' must be a whole number`);
      const bits = type.includes('64') ? 64 : 32;
      if (BigInt(text) !== BigInt.asIntN(bits, BigInt(text))) {
        throw invalidArgument(path, `'${text}' must fit ${bits} bits`);
      }
      return bits === 64 ? text : Number(text);
    }
  }
}

function durationFromJson(value: unknown, path: string): Json {
  const match = /^(?<seconds>-?\d+)(?:\.(?<fraction>\d{1,9}))?s$/.exec(String(value));
  if (match === null) throw invalidArgument(path, `'${value}' must be seconds with an 's', like 600s`);
  return { seconds: match.groups?.seconds, nanos: Number((match.groups?.fraction ?? '').padEnd(9, '0')) };
}

function timestampFromJson(value: unknown, path: string): Json {
  const epochMs = Date.parse(String(value));
  if (Number.isNaN(epochMs)) throw invalidArgument(path, `'${value}' must be a time like 2026-01-01T00:00:00Z`);
  const seconds = Math.floor(epochMs / 1000);
  return { seconds, nanos: (epochMs - seconds * 1000) * 1e6 };
}

/** What is not set, or set to a default that cannot be told from not set, is left out. */
export function messageToJson(message: protobuf.Message, type: protobuf.Type): Json {
  const json: Json = {};
  const values = message as unknown as Json;
  for (const field of type.fieldsArray) {
    const value = values[field.name];
    if (!Object.hasOwn(message, field.name) || value === null || value === undefined) continue;
    if (field.resolve().map) {
      const entries = Object.entries(value);
      if (entries.length > 0)
        json[field.name] = Object.fromEntries(entries.map(([k, v]) => [k, valueToJson(field, v)]));
    } else if (field.repeated) {
      const list = value as readonly unknown[];
      if (list.length > 0) json[field.name] = list.map((one) => valueToJson(field, one));
    } else if (field.partOf !== null || !isDefault(value)) {
      json[field.name] = valueToJson(field, value);
    }
  }
  return json;
}

function valueToJson(field: protobuf.Field, value: unknown): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) return resolvedType.valuesById[Number(value)] ?? value;
  switch (resolvedType?.fullName) {
    case undefined:
      return field.type.includes('64') ? String(value) : value;
    case '.google.protobuf.Duration':
      return `${secondsText(value)}s`;
    case '.google.protobuf.Timestamp':
      return timestampToJson(value);
    case '.google.protobuf.Any':
      return anyToJson(value as { readonly type_url: string; readonly value: Uint8Array }, field.root);
    default:
      return messageToJson(value as protobuf.Message, resolvedType as protobuf.Type);
  }
}

function anyToJson(any: { readonly type_url: string; readonly value: Uint8Array }, root: protobuf.Root): Json {
  const type = root.lookupType(any.type_url.slice(any.type_url.lastIndexOf('/') + 1));
  return { '@type': any.type_url, ...messageToJson(type.decode(any.value), type) };
}

function timestampToJson(value: unknown): string {
  const { seconds } = value as { readonly seconds: unknown };
  const fraction = /\..*/.exec(secondsText(value))?.[0] ?? '';
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', `${fraction}Z`);
}

/** Seconds with the fraction that is there, without zeros at its end. */
function secondsText(value: unknown): string {
  const { seconds, nanos } = value as { readonly seconds: unknown; readonly nanos: number };
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '');
  return fraction === '' ? String(seconds) : `${seconds}.${fraction}`;
}

function isDefault(value: unknown): boolean {
  return value === '' || value === false || (typeof value !== 'string' && String(value) === '0');
}

function own<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_(?<letter>[a-z])/g, (_, letter: string) => letter.toUpperCase());
}
