import { checkValue } from './check-fields.ts';
import { compareValues, valuesEqual } from './compare-values.ts';
import { fieldAt, parseWritableFieldPath, withFieldAt } from './field-path.ts';
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

/** The new value, and what the answer reports for it (null for the array transforms). */
function transformed(transform: FieldTransform, current: Value | undefined, time: Micros): [Value, Value] {
  const path = transform.fieldPath;
  if (transform.setToServerValue !== undefined) {
    if (transform.setToServerValue !== 'REQUEST_TIME') {
      throw invalidArgument(`Unknown server value "${transform.setToServerValue}" for field "${path}".`);
    }
    const value = { timestampValue: toWireTimestamp(Math.floor(time / 1000) * 1000) };
    return [value, value];
  }
  if (transform.appendMissingElements !== undefined) {
    return [appended(current, checkedElements(transform.appendMissingElements.values, path)), nullValue];
  }
  if (transform.removeAllFromArray !== undefined) {
    return [removed(current, checkedElements(transform.removeAllFromArray.values, path)), nullValue];
  }
  const value = transformedNumber(transform, current);
  return [value, value];
}

function transformedNumber(transform: FieldTransform, current: Value | undefined): Value {
  const { fieldPath, increment, maximum, minimum } = transform;
  if (increment !== undefined) return incremented(current, numericOperand(increment, fieldPath));
  if (maximum !== undefined) return extreme(current, numericOperand(maximum, fieldPath), 1);
  if (minimum !== undefined) return extreme(current, numericOperand(minimum, fieldPath), -1);
  throw invalidArgument(`The transform of field "${fieldPath}" names no operation.`);
}

/** Applies field transforms in order. `time` is the commit's, so that all server timestamps of a commit agree. */
export function applyTransforms(
  fields: Fields,
  transforms: readonly FieldTransform[],
  time: Micros,
): TransformedFields {
  let result = fields;
  const results: Value[] = [];
  for (const transform of transforms) {
    const path = parseWritableFieldPath(transform.fieldPath);
    const [value, reported] = transformed(transform, fieldAt(result, path), time);
    result = withFieldAt(result, path, value);
    results.push(reported);
  }
  return { fields: result, results };
}
