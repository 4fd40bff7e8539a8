import { checkOperand } from './check-fields.ts';
import type { FieldEquality } from './collection.ts';
import { compareValues, rankOf, valuesEqual } from './compare-values.ts';
import { fieldAt, nameField, parseReadableFieldPath } from './field-path.ts';
import { invalidArgument } from './limits.ts';
import { namesDocument } from './resource-name.ts';
import type { StoredDocument } from './stored-document.ts';
import type { FieldFilter, FieldOperator, Filter, UnaryFilter, UnaryOperator } from './structured-query.ts';
import { arrayElements, type Value } from './value.ts';

export type Matcher = (document: StoredDocument) => boolean;

/** Reads a field of a document for filters and orders; `__name__` gives its path as a reference. */
export type FieldReader = (document: StoredDocument) => Value | undefined;

export interface QueryFilter {
  readonly matches: Matcher;
  /** Fields that the result is ordered by because a range filter is on them. */
  readonly inequalityFields: readonly string[];
  /** Fields that every match holds exactly this value in; what an index can serve. */
  readonly equalities: readonly FieldEquality[];
}

export function fieldReader(fieldPath: string): FieldReader {
  if (fieldPath === nameField) return (document) => ({ referenceValue: document.path });
  const path = parseReadableFieldPath(fieldPath);
  return (document) => fieldAt(document.fields, path);
}

/**
 * References are compared as paths inside the database of the query. `prefix` is what full names start with; a value that
 * is no reference of this database stays as it is.
 */
export function relativeReference(value: Value, prefix: string): Value {
  const name = value.referenceValue;
  if (name === undefined || !name.startsWith(prefix)) return value;
  return { referenceValue: name.slice(prefix.length) };
}

function nameOperand(value: Value, prefix: string, op: FieldOperator): Value {
  if (op === 'ARRAY_CONTAINS' || op === 'ARRAY_CONTAINS_ANY') {
    throw invalidArgument(`A filter on ${nameField} cannot be ${op}.`);
  }
  const operands = op === 'IN' || op === 'NOT_IN' ? arrayElements(value) : [value];
  if (
    !operands.every(({ referenceValue = '' }) => referenceValue.startsWith(prefix) && namesDocument(referenceValue))
  ) {
    throw invalidArgument(`A filter on ${nameField} needs references to documents of the database of the query.`);
  }
  if (op !== 'IN' && op !== 'NOT_IN') return relativeReference(value, prefix);
  return { arrayValue: { values: operands.map((operand) => relativeReference(operand, prefix)) } };
}

const rangeTests = {
  LESS_THAN: (order: number) => order < 0,
  LESS_THAN_OR_EQUAL: (order: number) => order <= 0,
  GREATER_THAN: (order: number) => order > 0,
  GREATER_THAN_OR_EQUAL: (order: number) => order >= 0,
} as const;

const inequalityOperators: readonly FieldOperator[] = [
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'NOT_EQUAL',
  'NOT_IN',
];

const matchOperators: readonly FieldOperator[] = ['EQUAL', 'IN', 'ARRAY_CONTAINS', 'ARRAY_CONTAINS_ANY'];

function isFieldOperator(op: FieldFilter['op']): op is FieldOperator {
  return (
    op in rangeTests || inequalityOperators.some((each) => each === op) || matchOperators.some((each) => each === op)
  );
}

function isNull(value: Value): boolean {
  return value.nullValue !== undefined;
}

/** Tests one field value that is present. A field that is absent matches no filter at all. */
function valueTest(op: FieldOperator, operand: Value): (value: Value) => boolean {
  const options = arrayElements(operand);
  // As one of several values null and NaN find nothing; alone, clients ask for them with IS_NULL and IS_NAN.
  const comparable = options.filter((option) => !isNull(option) && !isNaNValue(option));
  switch (op) {
    case 'EQUAL':
      return (value) => valuesEqual(value, operand);
    case 'NOT_EQUAL':
      return (value) => !isNull(value) && !valuesEqual(value, operand);
    case 'IN':
      return (value) => comparable.some((option) => valuesEqual(value, option));
    case 'NOT_IN':
      return options.some(isNull)
        ? () => false
        : (value) => !isNull(value) && !options.some((option) => valuesEqual(value, option));
    case 'ARRAY_CONTAINS':
      return (value) => arrayElements(value).some((element) => valuesEqual(element, operand));
    case 'ARRAY_CONTAINS_ANY':
      return (value) =>
        arrayElements(value).some((element) => comparable.some((option) => valuesEqual(element, option)));
    default: {
      const rank = rankOf(operand);
      const passes = rangeTests[op];
      if (isNull(operand)) return () => false;
      return (value) => rankOf(value) === rank && passes(compareValues(value, operand));
    }
  }
}

function compileFieldFilter(filter: FieldFilter, prefix: string): QueryFilter {
  const field = filteredField(filter);
  const { op } = filter;
  if (!isFieldOperator(op)) throw invalidArgument(`The filter on "${field}" names no operator that exists: ${op}.`);
  const given = checkOperand(filter.value ?? {}, `The filter on "${field}"`);
  const operand = field === nameField ? nameOperand(given, prefix, op) : given;
  const read = fieldReader(field);
  const test = valueTest(op, operand);
  return {
    matches: (document) => {
      const value = read(document);
      return value !== undefined && test(value);
    },
    // A range from null or to it holds nothing, and asks for no order.
    inequalityFields: inequalityOperators.includes(op) && !(op in rangeTests && isNull(operand)) ? [field] : [],
    equalities: op === 'EQUAL' && field !== nameField ? [{ path: parseReadableFieldPath(field), value: operand }] : [],
  };
}

function filteredField({ field }: FieldFilter | UnaryFilter): string {
  if (field?.fieldPath) return field.fieldPath;
  throw invalidArgument('A filter needs a field with a field_path.');
}

function isNaNValue(value: Value): boolean {
  return Number.isNaN(value.doubleValue);
}

const unaryTests = {
  IS_NULL: isNull,
  IS_NOT_NULL: (value: Value) => !isNull(value),
  IS_NAN: isNaNValue,
  IS_NOT_NAN: (value: Value) => !isNull(value) && !isNaNValue(value),
} as const;

function compileUnaryFilter(filter: UnaryFilter): QueryFilter {
  const field = filteredField(filter);
  if (field === nameField) throw invalidArgument(`A filter on ${nameField} cannot be ${filter.op}.`);
  const { op } = filter;
  if (!isUnaryOperator(op)) throw invalidArgument(`The filter on "${field}" names no operator that exists: ${op}.`);
  const read = fieldReader(field);
  const test = unaryTests[op];
  return {
    matches: (document) => {
      const value = read(document);
      return value !== undefined && test(value);
    },
    inequalityFields: op === 'IS_NOT_NULL' || op === 'IS_NOT_NAN' ? [field] : [],
    equalities: [],
  };
}

/** What a client of another version sends as a number arrives as one. */
function isUnaryOperator(op: UnaryFilter['op']): op is UnaryOperator {
  return Object.hasOwn(unaryTests, op);
}

/** Compiles a filter tree; throws INVALID_ARGUMENT naming the field. */
export function compileFilter(filter: Filter | null, prefix: string): QueryFilter {
  if (filter === null) return { matches: () => true, inequalityFields: [], equalities: [] };
  if (filter.fieldFilter) return compileFieldFilter(filter.fieldFilter, prefix);
  if (filter.unaryFilter) return compileUnaryFilter(filter.unaryFilter);
  const composite = filter.compositeFilter;
  if (!composite) throw invalidArgument('A filter must be one of composite_filter, field_filter and unary_filter.');
  if (composite.filters.length === 0) throw invalidArgument('A composite_filter needs at least one of filters.');
  if (composite.op !== 'AND' && composite.op !== 'OR') {
    throw invalidArgument(`A composite_filter needs the op AND or OR, not ${composite.op}.`);
  }
  const parts = composite.filters.map((part) => compileFilter(part, prefix));
  const isAnd = composite.op === 'AND';
  return {
    matches: isAnd
      ? (document) => parts.every((part) => part.matches(document))
      : (document) => parts.some((part) => part.matches(document)),
    inequalityFields: parts.flatMap((part) => part.inequalityFields),
    equalities: isAnd || parts.length === 1 ? parts.flatMap((part) => part.equalities) : [],
  };
}
