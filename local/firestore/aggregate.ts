import { fieldAt, isSimpleFieldName, nameField, parseReadableFieldPath } from './field-path.ts';
import { invalidArgument, isReservedName, limits } from './limits.ts';
import type { StoredDocument } from './stored-document.ts';
import type { FieldReference, StructuredQuery } from './structured-query.ts';
import { nullValue, type Value } from './value.ts';

/** One aggregation as the wire carries it: `count`, `sum` or `avg` is set. */
export interface Aggregation {
  readonly count?: { readonly upTo: { readonly value: string } | null };
  readonly sum?: { readonly field: FieldReference | null };
  readonly avg?: { readonly field: FieldReference | null };
  readonly alias: string;
}

export interface StructuredAggregationQuery {
  readonly structuredQuery?: StructuredQuery;
  readonly aggregations: readonly Aggregation[];
}

type Reader = (document: StoredDocument) => Value | undefined;

interface NamedAggregation {
  readonly alias: string;
  /** The field that documents must have to take part. */
  readonly read: Reader | undefined;
  readonly fold: (documents: readonly StoredDocument[]) => Value;
}

function readerOf(field: FieldReference | null, alias: string): Reader {
  const fieldPath = field?.fieldPath ?? '';
  if (fieldPath === '') throw invalidArgument(`The aggregation "${alias}" needs a field with a field_path.`);
  if (fieldPath === nameField) throw invalidArgument(`Aggregations are not supported for the property: ${nameField}`);
  const path = parseReadableFieldPath(fieldPath);
  return (document) => fieldAt(document.fields, path);
}

function numbersOf(documents: readonly StoredDocument[], read: Reader): readonly Value[] {
  return documents
    .map(read)
    .filter((value) => value !== undefined)
    .filter((value) => value.integerValue !== undefined || value.doubleValue !== undefined);
}

function toDouble(value: Value): number {
  return value.doubleValue ?? Number(value.integerValue);
}

/** An integer while all are integers and the sum fits into 64 bits, else a double. */
function sum(numbers: readonly Value[]): Value {
  if (numbers.every((value) => value.integerValue !== undefined)) {
    const total = numbers.reduce((running, value) => running + BigInt(value.integerValue ?? 0), 0n);
    return BigInt.asIntN(64, total) === total ? { integerValue: String(total) } : { doubleValue: Number(total) };
  }
  return { doubleValue: numbers.reduce((running, value) => running + toDouble(value), 0) };
}

function average(numbers: readonly Value[]): Value {
  return numbers.length === 0 ? nullValue : { doubleValue: toDouble(sum(numbers)) / numbers.length };
}

function countUpTo(upTo: { readonly value: string } | null): (documents: readonly StoredDocument[]) => Value {
  const most = upTo === null ? Number.POSITIVE_INFINITY : Number(upTo.value);
  if (most <= 0) throw invalidArgument(`up_to of a count must be greater than zero, not ${most}.`);
  return (documents) => ({ integerValue: String(Math.min(documents.length, most)) });
}

function compile(aggregation: Aggregation, alias: string): NamedAggregation {
  if (aggregation.count) return { alias, read: undefined, fold: countUpTo(aggregation.count.upTo) };
  const { sum: summed, avg } = aggregation;
  if (summed) {
    const read = readerOf(summed.field, alias);
    return { alias, read, fold: (documents) => sum(numbersOf(documents, read)) };
  }
  if (avg) {
    const read = readerOf(avg.field, alias);
    return { alias, read, fold: (documents) => average(numbersOf(documents, read)) };
  }
  throw invalidArgument(`The aggregation "${alias}" names no operator: one of count, sum, avg is needed.`);
}

/** Names come from the client; those left out are numbered. */
function named(aggregations: readonly Aggregation[]): readonly NamedAggregation[] {
  let unnamed = 0;
  const compiled = aggregations.map((each) => compile(each, each.alias === '' ? `field_${++unnamed}` : each.alias));
  const aliases = compiled.map(({ alias }) => alias);
  const bad = aliases.find((alias) => !isSimpleFieldName(alias) || isReservedName(alias));
  if (bad !== undefined) throw invalidArgument(`The alias "${bad}" is not a simple field name, or reserved.`);
  if (new Set(aliases).size < aliases.length) throw invalidArgument(`Aliases are not unique: ${aliases.join(', ')}.`);
  return compiled;
}

/** Checks aggregations and makes them a function of the documents that the query found. Throws INVALID_ARGUMENT. */
export function planAggregations(
  aggregations: readonly Aggregation[],
): (documents: readonly StoredDocument[]) => Readonly<Record<string, Value>> {
  if (aggregations.length === 0) throw invalidArgument('Aggregations can not be empty.');
  if (aggregations.length > limits.aggregations) {
    throw invalidArgument(`A query can have ${limits.aggregations} aggregations, not ${aggregations.length}.`);
  }
  const plan = named(aggregations);
  const readers = plan.flatMap(({ read }) => (read === undefined ? [] : [read]));
  return (documents) => {
    // Google aggregates only over documents that have the fields of all the aggregations in the query.
    const complete = documents.filter((document) => readers.every((read) => read(document) !== undefined));
    return Object.fromEntries(plan.map(({ alias, fold }) => [alias, fold(complete)]));
  };
}
