import type { JsonObject, ObjectFields } from './object-store.ts';
import { invalidArgument, notImplemented } from './storage-error.ts';

export const textFields = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const satisfies ReadonlyArray<keyof ObjectFields>;

/** Fields that change what Cloud Storage lets happen to an object; taking them in silence would be a lie. */
const fieldsWithoutEffectHere = ['temporaryHold', 'eventBasedHold', 'retention', 'contexts'] as const;

/** Of all keys and values of the custom metadata of an object. */
const maxMetadataBytes = 8 * 1024;

/** These fields become headers of a download. */
const controlCharacter = /\p{Cc}/u;

/** The body of a metadata request; an empty body is an empty object. */
export function parseJsonObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidArgument('Parse Error: the request body is not JSON.');
  }
  if (!isJsonObject(value)) throw invalidArgument('Parse Error: the request body is not a JSON object.');
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The writable fields of a new object, checked. Output-only and unknown ones are left out, as Google does. */
export function readObjectFields(resource: JsonObject): ObjectFields {
  for (const field of fieldsWithoutEffectHere) {
    if (resource[field] !== undefined && resource[field] !== null && resource[field] !== false)
      throw notImplemented(`object field ${field}`);
  }
  const fields: Record<string, unknown> = {};
  for (const field of textFields) {
    const value = resource[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw invalidArgument(`Invalid value for: ${field} is not a string.`);
    if (controlCharacter.test(value)) throw invalidArgument(`Invalid value for: ${field} holds a control character.`);
    fields[field] = value;
  }
  if (typeof fields.customTime === 'string' && Number.isNaN(Date.parse(fields.customTime))) {
    throw invalidArgument(`Invalid value for: customTime "${fields.customTime}" is not a date-time.`);
  }
  if (typeof fields.storageClass === 'string') requireStorageClass(fields.storageClass);
  refuseAcl(resource);
  const { metadata } = resource;
  if (metadata !== undefined && metadata !== null) fields.metadata = readCustomMetadata(metadata);
  return fields;
}

/** A patch: a field set to null goes away, and `metadata` is merged key by key. */
export function patchObjectFields(current: ObjectFields, patch: JsonObject): ObjectFields {
  return readObjectFields(mergePatch({ ...current }, patch));
}

function readCustomMetadata(metadata: unknown): Record<string, string> {
  if (!isJsonObject(metadata)) throw invalidArgument('Invalid value for: metadata is not an object.');
  const read: [string, string][] = [];
  let sizeBytes = 0;
  for (const [key, value] of Object.entries(metadata)) {
    if (value === null) continue;
    if (typeof value !== 'string') throw invalidArgument(`Invalid value for: metadata.${key} is not a string.`);
    read.push([key, value]);
    sizeBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (sizeBytes > maxMetadataBytes) {
    throw invalidArgument(`Invalid value for: metadata has ${sizeBytes} bytes, the limit is ${maxMetadataBytes}.`);
  }
  // Unlike an assignment it takes `__proto__` for a key like any other.
  return Object.fromEntries(read);
}

const storageClasses = [
  'STANDARD',
  'NEARLINE',
  'COLDLINE',
  'ARCHIVE',
  'MULTI_REGIONAL',
  'REGIONAL',
  'DURABLE_REDUCED_AVAILABILITY',
];

export function requireStorageClass(name: unknown): void {
  if (storageClasses.some((known) => known === name)) return;
  throw invalidArgument(
    `Invalid value for: storageClass ${JSON.stringify(name)} is not one of ${storageClasses.join(', ')}.`,
  );
}

/** Nothing would hold anybody to it. */
export function refuseAcl(resource: JsonObject): void {
  for (const field of ['acl', 'defaultObjectAcl']) {
    const list = resource[field];
    if (Array.isArray(list) && list.length > 0) throw notImplemented(`access control lists, such as ${field}`);
  }
}

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (isJsonObject(value)) {
      const current = merged.get(key);
      merged.set(key, mergePatch(isJsonObject(current) ? current : {}, value));
    } else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
