import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { nameField } from './field-path.ts';
import type { QueryPlan } from './query-plan.ts';
import type { Filter, StructuredQuery } from './structured-query.ts';

/** An index that the real database has besides the automatic ones on single fields. */
export interface DeclaredIndex {
  readonly collectionId: string;
  readonly scope: 'collection' | 'collection-group';
  readonly fields: readonly IndexField[];
}

export interface IndexField {
  readonly path: string;
  readonly order: 'ascending' | 'descending' | 'contains';
}

/** The fields that one conjunction of a filter looks up exactly. */
interface Lookup {
  readonly equal: ReadonlySet<string>;
  readonly contains: ReadonlySet<string>;
}

const nothing: Lookup = { equal: new Set(), contains: new Set() };

function merged(a: Lookup, b: Lookup): Lookup {
  return { equal: new Set([...a.equal, ...b.equal]), contains: new Set([...a.contains, ...b.contains]) };
}

/** One lookup per conjunction of the filter in disjunctive normal form. */
function lookupsOf(filter: Filter | null): readonly Lookup[] {
  const composite = filter?.compositeFilter;
  if (composite) {
    const parts = composite.filters.map(lookupsOf);
    if (composite.op === 'OR') return parts.flat();
    return parts.reduce((left, right) => left.flatMap((a) => right.map((b) => merged(a, b))), [nothing]);
  }
  const leaf = filter?.fieldFilter ?? filter?.unaryFilter;
  const path = leaf?.field?.fieldPath;
  if (path === undefined || path === nameField) return [nothing];
  switch (leaf?.op) {
    case 'EQUAL':
    case 'IN':
    case 'IS_NULL':
    case 'IS_NAN':
      return [{ ...nothing, equal: new Set([path]) }];
    case 'ARRAY_CONTAINS':
    case 'ARRAY_CONTAINS_ANY':
      return [{ ...nothing, contains: new Set([path]) }];
    default:
      return [nothing];
  }
}

/**
 * The sort part of an index must be the orders of the query as they are: an index is not read backwards (Google's "Index types",
 * on queries in the other direction).
 */
function sortsLike(fields: readonly IndexField[], orders: readonly IndexField[]): boolean {
  return (
    fields.length === orders.length &&
    fields.every(({ path, order }, index) => path === orders[index]?.path && order === orders[index]?.order)
  );
}

/** Whether indexes that each look up some of the fields and sort as asked look up all of them together. */
function isServed(lookup: Lookup, orders: readonly IndexField[], indexes: readonly DeclaredIndex[]): boolean {
  const covered = new Set<string>();
  let isSorted = false;
  for (const index of indexes) {
    const fields = withoutUsualNameOrder(index.fields);
    const prefix = fields.slice(0, fields.length - orders.length);
    const fits = prefix.every(({ path, order }) =>
      order === 'contains' ? lookup.contains.has(path) : lookup.equal.has(path),
    );
    if (!fits || !sortsLike(fields.slice(prefix.length), orders)) continue;
    isSorted = true;
    for (const { path } of prefix) covered.add(path);
  }
  return isSorted && [...lookup.equal, ...lookup.contains].every((path) => covered.has(path));
}

/** Google indexes every single field by itself, for single collections: enough for one order, or for lookups alone. */
function needsDeclared(lookup: Lookup, orders: readonly IndexField[], isGroup: boolean): boolean {
  const lookups = lookup.equal.size + lookup.contains.size;
  if (isGroup || orders.some(({ path }) => path === nameField)) return lookups + orders.length > 0;
  return orders.length > 1 || (orders.length === 1 && lookups > 0);
}

/** Documents that are equal in every order lie by name, in the direction of the last order: what every index has at its end. */
function withoutUsualNameOrder(fields: readonly IndexField[]): readonly IndexField[] {
  const last = fields.at(-1);
  if (last?.path !== nameField) return fields;
  const usual = fields.at(-2)?.order === 'descending' ? 'descending' : 'ascending';
  return last.order === usual ? fields.slice(0, -1) : fields;
}

function describe(lookup: Lookup, orders: readonly IndexField[]): string {
  const fields = [
    ...[...lookup.equal].map((path) => `${path} ascending`),
    ...[...lookup.contains].map((path) => `${path} contains`),
    ...orders.map(({ path, order }) => `${path} ${order}`),
  ];
  return fields.join(', ');
}

/** Refuses a query that the real database would refuse for want of an index. */
export function checkIndexed(query: StructuredQuery, plan: QueryPlan, indexes: readonly DeclaredIndex[]): void {
  const { collectionId, allDescendants } = plan.scope;
  if (collectionId === undefined) return;
  const scope = allDescendants ? 'collection-group' : 'collection';
  const usable = indexes.filter((index) => index.collectionId === collectionId && index.scope === scope);
  for (const lookup of lookupsOf(query.where)) {
    const sorted = plan.orders.map(
      ({ field, sign }): IndexField => ({ path: field, order: sign === 1 ? 'ascending' : 'descending' }),
    );
    // What is equal to one value has no order among itself.
    const orders = withoutUsualNameOrder(sorted).filter(({ path }) => !lookup.equal.has(path));
    if (!needsDeclared(lookup, orders, allDescendants) || isServed(lookup, orders, usable)) continue;
    throw new GrpcStatusError(
      grpc.status.FAILED_PRECONDITION,
      `The query requires an index. Declare it for the ${scope} "${collectionId}": ${describe(lookup, orders)}.`,
    );
  }
}
