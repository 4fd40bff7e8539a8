import { readFileSync } from 'node:fs';
import type { TtlPolicy } from './firestore/expire-documents.ts';
import { nameField, parseFieldPath } from './firestore/field-path.ts';
import type { DeclaredIndex, IndexField } from './firestore/required-index.ts';

/** What a file of indexes says that the local Firestore holds. */
export interface IndexFile {
  readonly indexes: readonly DeclaredIndex[];
  readonly ttlPolicies: readonly TtlPolicy[];
}

/** The file cannot be read, or says something else than Firebase's and Google's command lines write. */
export class IndexFileError extends Error {
  override readonly name = 'IndexFileError';
}

type Json = Readonly<Record<string, unknown>>;

const scopes: ReadonlyMap<unknown, DeclaredIndex['scope']> = new Map([
  ['COLLECTION', 'collection'],
  ['COLLECTION_GROUP', 'collection-group'],
]);
const orders: ReadonlyMap<unknown, IndexField['order']> = new Map([
  ['ASCENDING', 'ascending'],
  ['DESCENDING', 'descending'],
]);

/** Reads `firestore.indexes.json`. Throws IndexFileError naming the file, the place in it and what may stand there. */
export function readIndexFile(file: string): IndexFile {
  try {
    return parseIndexFile(readFileSync(file, 'utf8'));
  } catch (error) {
    const { message } = error as Error;
    throw new IndexFileError(`cannot use the indexes of ${JSON.stringify(file)}: ${message}`, { cause: error });
  }
}

/**
 * Reads what `firebase firestore:indexes` writes (https://firebase.google.com/docs/reference/firestore/indexes), or the list
 * of `gcloud firestore indexes composite list --format=json`.
 */
export function parseIndexFile(text: string): IndexFile {
  const content = parseJson(text);
  const { indexes = [], fieldOverrides = [] } = Array.isArray(content) ? { indexes: content } : object('', content);
  const overrides = list('fieldOverrides', fieldOverrides).map((override, n) =>
    parseOverride(`fieldOverrides[${n}]`, override),
  );
  const composite = list('indexes', indexes).flatMap((index, n) => parseIndex(`indexes[${n}]`, index));
  return {
    indexes: [...composite, ...overrides.flatMap((override) => override.indexes)],
    ttlPolicies: overrides.flatMap((override) => override.ttlPolicies),
  };
}

/** None for an index of vectors, which the local Firestore does not have. */
function parseIndex(at: string, value: unknown): readonly DeclaredIndex[] {
  const index = object(at, value);
  const fields = list(`${at}.fields`, index.fields).map((field, n) => object(`${at}.fields[${n}]`, field));
  if (fields.length === 0) throw malformed(`${at}.fields`, 'must name a field');
  const declared = {
    collectionId: parseCollection(at, index),
    scope: parseScope(at, index),
    fields: fields
      .filter(({ fieldPath, vectorConfig }) => vectorConfig === undefined && fieldPath !== nameField)
      .map((field, n) => ({
        path: parsePath(`${at}.fields[${n}]`, field),
        order: parseOrder(`${at}.fields[${n}]`, field),
      })),
  };
  return fields.some(({ vectorConfig }) => vectorConfig !== undefined) ? [] : [declared];
}

/** Single fields are indexed for collections by themselves; an override adds collection groups, or a time to live. */
function parseOverride(at: string, value: unknown): IndexFile {
  const override = object(at, value);
  const collectionId = parseCollection(at, override);
  const path = parsePath(at, override);
  const { ttl = false, indexes = [] } = override;
  if (typeof ttl !== 'boolean') throw malformed(`${at}.ttl`, 'must be true or false');
  return {
    indexes: list(`${at}.indexes`, indexes).map((index, n) => {
      const place = `${at}.indexes[${n}]`;
      const given = object(place, index);
      return { collectionId, scope: parseScope(place, given), fields: [{ path, order: parseOrder(place, given) }] };
    }),
    ttlPolicies: ttl ? [{ collectionId, fieldPath: path }] : [],
  };
}

/** Google's own list has it in the name of the index. */
function parseCollection(at: string, { collectionGroup, name }: Json): string {
  const inName = typeof name === 'string' ? /\/collectionGroups\/([^/]+)\//.exec(name)?.[1] : undefined;
  const collection = collectionGroup ?? inName;
  if (typeof collection === 'string' && collection !== '') return collection;
  throw malformed(`${at}.collectionGroup`, 'must name a collection');
}

function parseScope(at: string, { queryScope }: Json): DeclaredIndex['scope'] {
  const scope = scopes.get(queryScope);
  if (scope === undefined) throw malformed(`${at}.queryScope`, 'must be COLLECTION or COLLECTION_GROUP', queryScope);
  return scope;
}

function parsePath(at: string, { fieldPath }: Json): string {
  if (typeof fieldPath !== 'string') throw malformed(`${at}.fieldPath`, 'must be the path of a field', fieldPath);
  parseFieldPath(fieldPath);
  return fieldPath;
}

function parseOrder(at: string, { order, arrayConfig }: Json): IndexField['order'] {
  if (order === undefined && arrayConfig === 'CONTAINS') return 'contains';
  const found = orders.get(order);
  if (found !== undefined && arrayConfig === undefined) return found;
  throw malformed(at, 'must have an order (ASCENDING or DESCENDING) or the arrayConfig CONTAINS', order ?? arrayConfig);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new IndexFileError(`it is no JSON: ${(error as Error).message}`);
  }
}

function object(at: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw malformed(at === '' ? 'the file' : at, 'must be an object', value);
}

function list(at: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed(at, 'must be a list', value);
}

function malformed(at: string, problem: string, value?: unknown): IndexFileError {
  return new IndexFileError(`${at} ${problem}${value === undefined ? '' : `, not ${JSON.stringify(value)}`}`);
}
