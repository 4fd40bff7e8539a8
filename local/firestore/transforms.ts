import { checkValue } from './check-fields.ts';
import { compareValues, valuesEqual } from './compare-values.ts';
import { type FieldPath, fieldAt, parseWritableFieldPath, withFieldAt } from './field-path.ts';
import { invalidArgument } from './limits.ts';
import { type Micros, toWireTimestamp } from './micros.ts';
import { arrayElements, type Fields, nullValue, type Value } from './value.ts';

/** A transformation of one field, as the wire carries it. */
export interface FieldTransform {
  readonly fieldPath: string;
  readonly setToServerValue?: string;
  readonly increment?: Value;
  readonly maximum?: Value;
  readonly minimum?: Value;
  readonly appendMissingElements?: { readonly values: readonly Value[] };
  readonly removeAllFromArray?: { readonly values: readonly Value[] };
}

export interface TransformedFields {
  readonly fields: Fields;
  /** One per transform, in order. */
  readonly results: readonly Value[];
}

const maxInteger = 2n ** 63n - 1n;
const minInteger = -(2n ** 63n);

function isNumber(value: Value | undefined): value is Value {
  return value !== undefined && (value.integerValue !== undefined || value.doubleValue !== undefined);
}

function toNumber(value: Value): number {
  return value.doubleValue ?? Number(value.integerValue);
}

/** Integers stay integers and stop at the ends of their range; with a double on either side the sum is a double. */
function incremented(current: Value | undefined, by: Value): Value {
  if (!isNumber(current)) return by;
  if (current.integerValue === undefined || by.integerValue === undefined) {
    return { doubleValue: toNumber(current) + toNumber(by) };
  }
  const sum = BigInt(current.integerValue) + BigInt(by.integerValue);
  const bounded = sum > maxInteger ? maxInteger : sum < minInteger ? minInteger : sum;
  return { integerValue: String(bounded) };
}

function isNaNValue(value: Value): boolean {
  return Number.isNaN(value.doubleValue);
}

/** The stored value stays where the two are equal (3 and 3.0); NaN wins over every number. */
function extreme(current: Value | undefined, operand: Value, sign: 1 | -1): Value {
  if (!isNumber(current)) return operand;
  if (isNaNValue(current) || isNaNValue(operand)) return { doubleValue: Number.NaN };
  return compareValues(operand, current) * sign > 0 ? operand : current;
}

function appended(current: Value | undefined, elements: readonly Value[]): Value {
  const values = [...arrayElements(current)];
  for (const element of elements) {
    if (!values.some((present) => valuesEqual(present, element))) values.push(element);
  }
  return { arrayValue: { values } };
}

function removed(current: Value | undefined, elements: readonly Value[]): Value {
  const values = arrayElements(current).filter((present) => !elements.some((element) => valuesEqual(present, element)));
  return { arrayValue: { values } };
}

function numericOperand(value: Value, path: string): Value {
  if (isNumber(value)) return value;
  throw invalidArgument(`The transform of field "${path}" needs an integer or a double.`);
}

function checkedElements(values: readonly Value[], path: string): readonly Value[] {
  return checkValue({ arrayValue: { values } }, path).arrayValue?.values ?? [];
}

/** What becomes of a field's value, if it has one. */
type Change = (current: Value | undefined, time: Micros) => Value;

/** A transform that keeps to the rules. */
export interface CompiledTransform {
  readonly path: FieldPath;
  readonly change: Change;
  /** Whether the answer reports the new value; array transforms report null. */
  readonly isReported: boolean;
}

/** Milliseconds: what the documentation promises of a server timestamp. */
const requestTime: Change = (_current, time) => ({
  timestampValue: toWireTimestamp(Math.floor(time / 1000) * 1000),
});

function changeOf(transform: FieldTransform): Change {
  const { fieldPath, setToServerValue, increment, maximum, minimum } = transform;
  if (setToServerValue !== undefined) {
    if (setToServerValue === 'REQUEST_TIME') return requestTime;
    throw invalidArgument(`Unknown set_to_server_value "${setToServerValue}" for field "${fieldPath}".`);
  }
  if (increment !== undefined) {
    const by = numericOperand(increment, fieldPath);
    return (current) => incremented(current, by);
  }
  if (maximum !== undefined) {
    const least = numericOperand(maximum, fieldPath);
    return (current) => extreme(current, least, 1);
  }
  if (minimum !== undefined) {
    const most = numericOperand(minimum, fieldPath);
    return (current) => extreme(current, most, -1);
  }
  if (transform.appendMissingElements !== undefined) {
    const elements = checkedElements(transform.appendMissingElements.values, fieldPath);
    return (current) => appended(current, elements);
  }
  if (transform.removeAllFromArray !== undefined) {
    const elements = checkedElements(transform.removeAllFromArray.values, fieldPath);
    return (current) => removed(current, elements);
  }
  throw invalidArgument(`The transform of field "${fieldPath}" names no operation.`);
}

function compile(transform: FieldTransform): CompiledTransform {
  if (transform.fieldPath === '') throw invalidArgument('A field transform needs a field_path.');
  return {
    path: parseWritableFieldPath(transform.fieldPath),
    change: changeOf(transform),
    isReported: transform.appendMissingElements === undefined && transform.removeAllFromArray === undefined,
  };
}

function isInside(inner: FieldPath, outer: FieldPath): boolean {
  return inner.length > outer.length && outer.every((segment, index) => segment === inner[index]);
}

/** Holds the transforms of one write to the rules; throws INVALID_ARGUMENT naming the field. */
export function compileTransforms(transforms: readonly FieldTransform[]): readonly CompiledTransform[] {
  const compiled = transforms.map(compile);
  for (const { path: outer } of compiled) {
    if (!compiled.some(({ path }) => isInside(path, outer))) continue;
    throw invalidArgument(`Cannot transform property ${outer.join('.')} and its nested property at the same time.`);
  }
  return compiled;
}

/** Applies transforms in order. `time` is the commit's, so that all server timestamps of a commit agree. */
export function applyTransforms(
  fields: Fields,
  transforms: readonly CompiledTransform[],
  time: Micros,
): TransformedFields {
  let result = fields;
  const results: Value[] = [];
  for (const { path, change, isReported } of transforms) {
    const value = change(fieldAt(result, path), time);
    result = withFieldAt(result, path, value);
    results.push(isReported ? value : nullValue);
  }
  return { fields: result, results };
}
