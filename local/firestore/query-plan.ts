import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { checkOperand } from './check-fields.ts';
import { compareStrings, compareValues } from './compare-values.ts';
import { type FieldPath, nameField, parseReadableFieldPath } from './field-path.ts';
import { checkId, invalidArgument } from './limits.ts';
import type { QueryFilter } from './query-filter.ts';
import { compileFilter, type FieldReader, fieldReader, relativeReference } from './query-filter.ts';
import { checkFilterRules, checkNameEquality, checkOrders, checkQuerySize, filteredFields } from './query-rules.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Cursor, Filter, StructuredQuery } from './structured-query.ts';
import type { Value } from './value.ts';

/** Which collections a query looks into. */
export interface QueryScope {
  /** The document below which the collections lie; empty for the root. */
  readonly parentPath: string;
  /** undefined: of any id. */
  readonly collectionId: string | undefined;
  readonly allDescendants: boolean;
}

interface QueryOrder {
  readonly field: string;
  readonly sign: 1 | -1;
  readonly read: FieldReader;
}

/** A document with the values that it is ordered by. */
export interface QueryResult {
  readonly document: StoredDocument;
  readonly keys: readonly Value[];
}

/** A query that was checked and can be asked about single documents. */
export interface QueryPlan {
  readonly scope: QueryScope;
  readonly filter: QueryFilter;
  /** Down to the name, with the implied ones. */
  readonly orders: readonly QueryOrder[];
  readonly offset: number;
  readonly limit: number | undefined;
  /** undefined: all fields. */
  readonly projection: readonly FieldPath[] | undefined;
  /** The document as a result when it matches filter, orders and cursors, apart from offset and limit. */
  readonly accept: (document: StoredDocument) => QueryResult | undefined;
  readonly compare: (a: QueryResult, b: QueryResult) => number;
}

function scopeOf(query: StructuredQuery, parentPath: string): QueryScope {
  const [selector, ...others] = query.from;
  if (selector === undefined) return { parentPath, collectionId: undefined, allDescendants: false };
  if (others.length > 0) throw invalidArgument('StructuredQuery.from cannot have more than one collection selector.');
  if (selector.collectionId !== '') checkId('collection_id', selector.collectionId);
  return {
    parentPath,
    collectionId: selector.collectionId === '' ? undefined : selector.collectionId,
    allDescendants: selector.allDescendants,
  };
}

/** The orders as given, then the fields of range filters, then the name, in the direction of the last order given. */
function ordersOf(query: StructuredQuery, filter: QueryFilter): readonly QueryOrder[] {
  const orders = query.orderBy.map(({ field, direction }) => ({
    field: field?.fieldPath ?? '',
    sign: direction === 'DESCENDING' ? (-1 as const) : (1 as const),
  }));
  const sign = orders.at(-1)?.sign ?? 1;
  const given = new Set(orders.map((order) => order.field));
  const implied = [...new Set(filter.inequalityFields)].filter((field) => !given.has(field) && field !== nameField);
  if (given.has(nameField) && implied.length > 0) {
    throw invalidArgument(`order by clause cannot contain more fields after the key: ${implied.join(', ')}`);
  }
  const names = given.has(nameField) ? [] : [nameField];
  const added = [...implied.sort(compareStrings), ...names].map((field) => ({ field, sign }));
  return [...orders, ...added].map((order) => ({ ...order, read: fieldReader(order.field) }));
}

/** Google has no index that reads names downwards, unless a filter on another field brings one along. */
function checkKeyScan(orders: readonly QueryOrder[], filter: Filter | null): void {
  const [first] = orders;
  if (first?.field !== nameField || first.sign === 1 || filteredFields(filter).some((field) => field !== nameField))
    return;
  throw new GrpcStatusError(
    grpc.status.FAILED_PRECONDITION,
    'Firestore does not support descending key scans: order by another field, or upwards.',
  );
}

type Position = (keys: readonly Value[]) => number;

/** Where a document lies relative to a cursor, by as many orders as the cursor has values. */
function positionOf(cursor: Cursor, orders: readonly QueryOrder[], prefix: string): Position {
  if (cursor.values.length > orders.length) {
    throw invalidArgument(`The cursor has ${cursor.values.length} values for ${orders.length} orders.`);
  }
  const values = cursor.values.map((given, index) => {
    const field = orders[index]?.field;
    const value = checkOperand(given, `The cursor value for ${field}`);
    if (field !== nameField) return value;
    if (value.referenceValue?.startsWith(prefix)) return relativeReference(value, prefix);
    throw invalidArgument(`The cursor value for ${nameField} must be a reference to a document of the database.`);
  });
  return (keys) => compareKeys(keys, values, orders);
}

/** Compares as far as the shorter of the two goes. */
function compareKeys(a: readonly Value[], b: readonly Value[], orders: readonly QueryOrder[]): number {
  for (const [index, { sign }] of orders.entries()) {
    const left = a[index];
    const right = b[index];
    if (left === undefined || right === undefined) return 0;
    const order = compareValues(left, right) * sign;
    if (order !== 0) return order;
  }
  return 0;
}

function keysOf(document: StoredDocument, orders: readonly QueryOrder[]): readonly Value[] | undefined {
  const keys: Value[] = [];
  for (const order of orders) {
    const value = order.read(document);
    if (value === undefined) return undefined;
    keys.push(value);
  }
  return keys;
}

function checkNumbers(query: StructuredQuery): void {
  if (query.offset < 0) throw invalidArgument(`offset must not be negative: ${query.offset}.`);
  if (query.limit !== null && query.limit.value < 0) {
    throw invalidArgument(`limit must not be negative: ${query.limit.value}.`);
  }
  if (query.findNearest) {
    throw new GrpcStatusError(grpc.status.UNIMPLEMENTED, 'Vector search (find_nearest) is not supported locally.');
  }
}

/** Checks a query and makes it ready to run; throws the status that the client gets. */
export function planQuery(query: StructuredQuery, database: string, parentPath: string): QueryPlan {
  checkNumbers(query);
  checkFilterRules(query.where);
  checkOrders(query.orderBy);
  const prefix = `${database}/documents/`;
  const filter = compileFilter(query.where, prefix);
  checkQuerySize(query, filter.inequalityFields, parentPath);
  checkNameEquality(query.where, filter.inequalityFields);
  const orders = ordersOf(query, filter);
  checkKeyScan(orders, query.where);
  const start = query.startAt === null ? undefined : positionOf(query.startAt, orders, prefix);
  const end = query.endAt === null ? undefined : positionOf(query.endAt, orders, prefix);
  const startsBefore = query.startAt?.before === true;
  const endsBefore = query.endAt?.before === true;
  const isInside = (keys: readonly Value[]) => {
    const fromStart = start?.(keys) ?? 1;
    const fromEnd = end?.(keys) ?? -1;
    return (fromStart > 0 || (startsBefore && fromStart === 0)) && (fromEnd < 0 || (!endsBefore && fromEnd === 0));
  };
  const selected = query.select?.fields ?? [];
  return {
    scope: scopeOf(query, parentPath),
    filter,
    orders,
    offset: query.offset,
    limit: query.limit?.value,
    projection:
      selected.length === 0
        ? undefined
        : selected
            .filter(({ fieldPath }) => fieldPath !== nameField)
            .map(({ fieldPath }) => parseReadableFieldPath(fieldPath)),
    accept: (document) => {
      if (!filter.matches(document)) return undefined;
      const keys = keysOf(document, orders);
      return keys !== undefined && isInside(keys) ? { document, keys } : undefined;
    },
    compare: (a, b) => compareKeys(a.keys, b.keys, orders),
  };
}
