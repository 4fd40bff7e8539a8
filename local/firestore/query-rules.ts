import { nameField } from './field-path.ts';
import { invalidArgument, limits } from './limits.ts';
import type { FieldFilter, Filter, Order, StructuredQuery, UnaryFilter } from './structured-query.ts';

/** Operators that may stand once in a query. */
const negative = ['NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', 'IS_NOT_NULL'];

type Operator = NonNullable<Filter['fieldFilter'] | Filter['unaryFilter']>['op'];

function* operators(filter: Filter | null): Iterable<Operator | 'OR'> {
  const leaf = filter?.fieldFilter ?? filter?.unaryFilter;
  if (leaf !== undefined) yield leaf.op;
  const composite = filter?.compositeFilter;
  if (composite === undefined) return;
  if (composite.op === 'OR' && composite.filters.length > 1) yield 'OR';
  for (const part of composite.filters) yield* operators(part);
}

/** How many conjunctions the filter has in disjunctive normal form: what Google's limit counts. */
function countDisjunctions(filter: Filter | null): number {
  const composite = filter?.compositeFilter;
  if (composite) {
    const counts = composite.filters.map(countDisjunctions);
    return composite.op === 'OR' ? counts.reduce((a, b) => a + b, 0) : counts.reduce((a, b) => a * b, 1);
  }
  const field = filter?.fieldFilter;
  if (field?.op === 'IN' || field?.op === 'ARRAY_CONTAINS_ANY') return field.value?.arrayValue?.values.length ?? 1;
  return 1;
}

/** The most array-contains filters that come together in one conjunction. */
function countArrayContains(filter: Filter | null): number {
  const composite = filter?.compositeFilter;
  if (composite) {
    const counts = composite.filters.map(countArrayContains);
    return composite.op === 'OR' ? Math.max(0, ...counts) : counts.reduce((a, b) => a + b, 0);
  }
  const op = filter?.fieldFilter?.op;
  return op === 'ARRAY_CONTAINS' || op === 'ARRAY_CONTAINS_ANY' ? 1 : 0;
}

function checkFieldFilter({ field, op, value }: FieldFilter): void {
  const path = field?.fieldPath ?? '';
  if (op !== 'IN' && op !== 'NOT_IN' && op !== 'ARRAY_CONTAINS_ANY') return;
  const count = value?.arrayValue?.values.length ?? 0;
  const most = op === 'NOT_IN' ? limits.notInValues : limits.disjunctions;
  if (count === 0) throw invalidArgument(`'${op}' requires a non-empty ArrayValue (field "${path}").`);
  if (count > most) throw invalidArgument(`'${op}' supports up to ${most} comparison values (field "${path}").`);
}

function leavesOf(filter: Filter | null): readonly (FieldFilter | UnaryFilter)[] {
  const leaf = filter?.fieldFilter ?? filter?.unaryFilter;
  return leaf === undefined ? (filter?.compositeFilter?.filters ?? []).flatMap(leavesOf) : [leaf];
}

/** The field of each comparison in a filter. */
export function filteredFields(filter: Filter | null): readonly string[] {
  return leavesOf(filter).map(({ field }) => field?.fieldPath ?? '');
}

/** One document by name cannot be asked for together with a range of something else. */
export function checkNameEquality(filter: Filter | null, inequalityFields: readonly string[]): void {
  if (inequalityFields.length === 0 || inequalityFields.includes(nameField)) return;
  const named = leavesOf(filter).some(
    ({ field, op }) => field?.fieldPath === nameField && (op === 'EQUAL' || op === 'IN'),
  );
  if (!named) return;
  throw invalidArgument(
    `Equality on ${nameField} is not allowed beside a range of another field: ${inequalityFields.join(', ')}`,
  );
}

/** Holds the number of parts of a query to Google's limits; throws INVALID_ARGUMENT. */
export function checkQuerySize(query: StructuredQuery, inequalityFields: readonly string[], parentPath: string): void {
  const filters = leavesOf(query.where).length;
  const ancestors = parentPath === '' ? 0 : 1;
  if (filters + query.orderBy.length + ancestors > limits.queryParts) {
    throw invalidArgument(
      `The query may not have more than ${limits.queryParts} filters + sort orders + ancestor total. Currently there are ` +
        `${filters} filters, ${query.orderBy.length} sort orders, and ${ancestors} ancestors.`,
    );
  }
  const fields = [...new Set(inequalityFields)];
  if (fields.length > limits.inequalityFields) {
    throw invalidArgument(
      `The query contains ${fields.length} distinct inequality fields: ${fields.join(', ')}. A query may not have more ` +
        `than ${limits.inequalityFields} distinct inequality fields.`,
    );
  }
}

/** Holds order_by to Google's rules: each field once, nothing after the name, a direction that exists. */
export function checkOrders(orders: readonly Order[]): void {
  const fields = orders.map(({ field }) => field?.fieldPath ?? '');
  for (const [index, fieldPath] of fields.entries()) {
    if (fieldPath === '') throw invalidArgument('An order_by needs a field with a field_path.');
    if (fields.indexOf(fieldPath) < index) {
      throw invalidArgument(`order by clause cannot contain duplicate fields ${fieldPath}`);
    }
    if (index > 0 && fields[index - 1] === nameField) {
      throw invalidArgument(`order by clause cannot contain more fields after the key: ${fieldPath}`);
    }
  }
  const directions = ['DIRECTION_UNSPECIFIED', 'ASCENDING', 'DESCENDING'];
  const unknown = orders.find(({ direction }) => !directions.includes(direction));
  if (unknown !== undefined) throw invalidArgument(`Unrecognized direction of order_by: ${unknown.direction}.`);
}

function checkLeaves(filter: Filter | null): void {
  if (filter?.fieldFilter) checkFieldFilter(filter.fieldFilter);
  for (const part of filter?.compositeFilter?.filters ?? []) checkLeaves(part);
}

/** Holds a filter to the rules that Google documents beside its operators; throws INVALID_ARGUMENT. */
export function checkFilterRules(filter: Filter | null): void {
  checkLeaves(filter);
  const used = [...operators(filter)];
  if (used.filter((op) => negative.includes(op)).length > 1) {
    throw invalidArgument(
      "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query.",
    );
  }
  if (used.includes('NOT_IN') && used.some((op) => op === 'IN' || op === 'ARRAY_CONTAINS_ANY' || op === 'OR')) {
    throw invalidArgument("'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.");
  }
  if (countArrayContains(filter) > 1) {
    throw invalidArgument("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
  }
  const disjunctions = countDisjunctions(filter);
  if (disjunctions > limits.disjunctions) {
    throw invalidArgument(
      `Too many disjunctions after normalization. Result had ${disjunctions} disjunctions which is more than the ` +
        `maximum of ${limits.disjunctions}`,
    );
  }
}
