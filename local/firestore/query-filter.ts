import type { FieldEquality } from './collection.ts';
import { compareValues, rankOf, valuesEqual } from './compare-values.ts';
import { fieldAt, nameField, parseFieldPath } from './field-path.ts';
import { invalidArgument } from './limits.ts';
import type { StoredDocument } from './stored-document.ts';
import type { FieldFilter, FieldOperator, Filter, UnaryFilter } from './structured-query.ts';
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
  const path = parseFieldPath(fieldPath);
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
  const operands = op === 'IN' || op === 'NOT_IN' ? arrayElements(value) : [value];
  if (!operands.every((operand) => operand.referenceValue?.startsWith(prefix))) {
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

function isNull(value: Value): boolean {
  return value.nullValue !== undefined;
}

/** Tests one field value that is present. A field that is absent matches no filter at all. */
function valueTest(op: FieldOperator, operand: Value): (value: Value) => boolean {
  const options = arrayElements(operand);
  switch (op) {
    case 'EQUAL':
      return (value) => valuesEqual(value, operand);
    case 'NOT_EQUAL':
      return (value) => !isNull(value) && !valuesEqual(value, operand);
    case 'IN':
      return (value) => options.some((option) => valuesEqual(value, option));
    case 'NOT_IN':
      return options.some(isNull)
        ? () => false
        : (value) => !isNull(value) && !options.some((option) => valuesEqual(value, option));
    case 'ARRAY_CONTAINS':
      return (value) => arrayElements(value).some((element) => valuesEqual(element, operand));
    case 'ARRAY_CONTAINS_ANY':
      return (value) => arrayElements(value).some((element) => options.some((option) => valuesEqual(element, option)));
    default: {
      const rank = rankOf(operand);
      const passes = rangeTests[op];
      if (isNull(operand)) return () => false;
      return (value) => rankOf(value) === rank && passes(compareValues(value, operand));
    }
  }
}

function compileFieldFilter(filter: FieldFilter, prefix: string): QueryFilter {
  const field = filter.field?.fieldPath ?? '';
  const { op } = filter;
  if (op === 'OPERATOR_UNSPECIFIED') throw invalidArgument(`The filter on "${field}" names no operator.`);
  const given = filter.value ?? {};
  if (rankOf(given) < 0) throw invalidArgument(`The filter on "${field}" has no value.`);
  const operand = field === nameField ? nameOperand(given, prefix, op) : given;
  const read = fieldReader(field);
  const test = valueTest(op, operand);
  return {
    matches: (document) => {
      const value = read(document);
      return value !== undefined && test(value);
    },
    inequalityFields: inequalityOperators.includes(op) ? [field] : [],
    equalities: op === 'EQUAL' && field !== nameField ? [{ path: parseFieldPath(field), value: operand }] : [],
  };
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
  const field = filter.field?.fieldPath ?? '';
  if (filter.op === 'OPERATOR_UNSPECIFIED') throw invalidArgument(`The filter on "${field}" names no operator.`);
  const read = fieldReader(field);
  const test = unaryTests[filter.op];
  return {
    matches: (document) => {
      const value = read(document);
      return value !== undefined && test(value);
    },
    inequalityFields: filter.op === 'IS_NOT_NULL' || filter.op === 'IS_NOT_NAN' ? [field] : [],
    equalities: [],
  };
}

/** Compiles a filter tree; throws INVALID_ARGUMENT naming the field. */
export function compileFilter(filter: Filter | null, prefix: string): QueryFilter {
  if (filter === null) return { matches: () => true, inequalityFields: [], equalities: [] };
  if (filter.fieldFilter) return compileFieldFilter(filter.fieldFilter, prefix);
  if (filter.unaryFilter) return compileUnaryFilter(filter.unaryFilter);
  const composite = filter.compositeFilter;
  if (!composite || composite.filters.length === 0 || composite.op === 'OPERATOR_UNSPECIFIED') {
    throw invalidArgument('A composite filter needs an operator and at least one filter.');
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
