import { requireObject, requireSoftDeleted } from './find-object.ts';
import { digestsOf } from './object-digests.ts';
import { isJsonObject, parseJsonObject, readObjectFields } from './object-fields.ts';
import type { JsonObject, ObjectFields, ObjectRecord } from './object-store.ts';
import { readPreconditions, readWholeNumber, requirePreconditions } from './preconditions.ts';
import { objectResource } from './resources.ts';
import { type Answer, jsonAnswer, type StorageCall } from './storage-call.ts';
import { invalidArgument, notImplemented } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import { deleteObject, newContent, type StoredContent, writeObject } from './write-object.ts';

/** Names one object in a path. */
export interface ObjectPath {
  readonly bucket: string;
  readonly name: string;
}

const maxComposeSources = 32;
/** What is joined in memory; more is copied piece by piece. */
const joinedAtOnceBytes = 1024 * 1024;
const noExpectation = { crc32c: null, md5: null };

/** `…/rewriteTo/…` and `…/copyTo/…`. A rewrite here is always done in one call. */
export async function answerCopy(
  state: StorageState,
  call: StorageCall,
  { from, to, action }: { readonly from: ObjectPath; readonly to: ObjectPath; readonly action: 'rewriteTo' | 'copyTo' },
): Promise<Answer> {
  const resource = parseJsonObject((await call.readBody()).toString('utf8'));
  const source = requireSource(state, call, from, readWholeNumber(call.query, 'sourceGeneration'));
  const copy = writeCopy(state, call, { source, to, fields: copiedFields(source, resource) });
  const shown = objectResource(copy, call.origin);
  if (action === 'copyTo') return jsonAnswer(200, shown);
  const size = String(copy.sizeBytes);
  return jsonAnswer(200, {
    kind: 'storage#rewriteResponse',
    totalBytesRewritten: size,
    objectSize: size,
    done: true,
    resource: shown,
  });
}

/** `…/moveTo/o/…`: the copy and the end of the source in one step, within a bucket. */
export async function answerMove(
  state: StorageState,
  call: StorageCall,
  from: ObjectPath,
  name: string,
): Promise<Answer> {
  await call.readBody();
  const source = requireSource(state, call, from, null);
  if (name === from.name) throw invalidArgument('Source and destination object names must be different.');
  const moved = writeCopy(state, call, { source, to: { bucket: from.bucket, name }, fields: source.fields });
  deleteObject(state, source);
  return jsonAnswer(200, objectResource(moved, call.origin));
}

/** `…/compose`: the sources' bytes in order, as one object without an MD5. */
export async function answerCompose(state: StorageState, call: StorageCall, to: ObjectPath): Promise<Answer> {
  const resource = parseJsonObject((await call.readBody()).toString('utf8'));
  const { destination = {}, sourceObjects } = resource;
  if (resource.deleteSourceObjects === true) throw notImplemented('deleteSourceObjects of a compose');
  if (!isJsonObject(destination)) throw invalidArgument('Invalid value for: destination is not an object.');
  if (!Array.isArray(sourceObjects) || sourceObjects.length === 0) {
    throw invalidArgument('Invalid value for: sourceObjects must name at least one source component.');
  }
  if (sourceObjects.length > maxComposeSources) {
    throw invalidArgument(
      `The number of source components provided (${sourceObjects.length}) exceeds the maximum (${maxComposeSources}) in sourceObjects.`,
    );
  }
  const sources = sourceObjects.map((source: unknown, at) => findComposeSource(state, to.bucket, source, at));
  const composed = writeObject(state, {
    ...to,
    fields: { contentType: 'application/octet-stream', ...readObjectFields(destination) },
    content: () => joinContents(state, sources),
    preconditions: readPreconditions(call.query),
    expected: noExpectation,
    componentCount: sources.reduce((count, source) => count + (source.componentCount ?? 1), 0),
  });
  return jsonAnswer(200, objectResource(composed, call.origin));
}

/** `…/restore?generation=…`: a soft-deleted content becomes the live one again, under a new generation. */
export async function answerRestore(
  state: StorageState,
  call: StorageCall,
  { bucket, name }: ObjectPath,
): Promise<Answer> {
  await call.readBody();
  const deleted = requireSoftDeleted(state, { bucket, name, generation: readWholeNumber(call.query, 'generation') });
  const restored = writeObject(state, {
    bucket,
    name,
    fields: deleted.record.fields,
    content: () => ({ content: state.store.softDeletedContent(deleted), digests: deleted.record }),
    preconditions: readPreconditions(call.query),
    expected: noExpectation,
    componentCount: deleted.record.componentCount,
  });
  return jsonAnswer(200, objectResource(restored, call.origin));
}

function requireSource(
  state: StorageState,
  call: StorageCall,
  { bucket, name }: ObjectPath,
  generation: number | null,
): ObjectRecord {
  const source = requireObject(state, bucket, name, generation);
  requirePreconditions(source, readPreconditions(call.query, 'Source'));
  return source;
}

function writeCopy(
  state: StorageState,
  call: StorageCall,
  { source, to, fields }: { readonly source: ObjectRecord; readonly to: ObjectPath; readonly fields: ObjectFields },
): ObjectRecord {
  return writeObject(state, {
    ...to,
    fields,
    content: () => ({ content: state.store.content(source), digests: source }),
    preconditions: readPreconditions(call.query),
    expected: noExpectation,
    componentCount: source.componentCount,
  });
}

function joinContents(state: StorageState, sources: readonly ObjectRecord[]): StoredContent {
  const parts = sources.map((source) => state.store.content(source));
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes <= joinedAtOnceBytes) {
    return newContent(state, Buffer.concat(parts.flatMap((part) => [...part.pieces()])))();
  }
  const content = state.contents.create();
  for (const part of parts) for (const piece of part.pieces()) content.append(piece);
  return { content, digests: digestsOf(content.pieces()) };
}

/** Metadata in the request replaces the source's altogether; a storage class alone leaves it. */
function copiedFields(source: ObjectRecord, resource: JsonObject): ObjectFields {
  const given = readObjectFields(resource);
  const { storageClass, ...rest } = given;
  return Object.keys(rest).length > 0
    ? given
    : { ...source.fields, ...(storageClass === undefined ? {} : { storageClass }) };
}

function findComposeSource(state: StorageState, bucket: string, source: unknown, at: number): ObjectRecord {
  if (!isJsonObject(source) || typeof source.name !== 'string') {
    throw invalidArgument(`Invalid value for: sourceObjects[${at}].name is not a string.`);
  }
  const generation = readJsonNumber(source.generation, `sourceObjects[${at}].generation`);
  const record = requireObject(state, bucket, source.name, generation);
  const conditions = source.objectPreconditions;
  if (isJsonObject(conditions)) {
    const ifGenerationMatch = readJsonNumber(
      conditions.ifGenerationMatch,
      `sourceObjects[${at}].objectPreconditions.ifGenerationMatch`,
    );
    requirePreconditions(record, { ...readPreconditions(new URLSearchParams()), ifGenerationMatch });
  }
  return record;
}

/** 64-bit numbers come as strings or as numbers. */
function readJsonNumber(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw invalidArgument(`Invalid value for: ${field} is not a whole number.`);
  return number;
}
