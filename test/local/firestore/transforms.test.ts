import { describe, expect, it } from '@jest/globals';
import { applyTransforms, compileTransforms, type FieldTransform } from '../../../local/firestore/transforms.ts';
import type { Value } from '../../../local/firestore/value.ts';

const int = (value: string | number): Value => ({ integerValue: String(value) });
const double = (doubleValue: number): Value => ({ doubleValue });
const text: Value = { stringValue: 'text' };
const array = (...values: readonly Value[]): Value => ({ arrayValue: { values } });
const maxInteger = int('9223372036854775807');
const minInteger = int('-9223372036854775808');

function transformed(current: Value | undefined, transform: Omit<FieldTransform, 'fieldPath'>): Value | undefined {
  const fields = current === undefined ? {} : { f: current };
  return applyTransforms(fields, compileTransforms([{ fieldPath: 'f', ...transform }]), 0).fields.f;
}

describe('increment', () => {
  it.each<[string, Value | undefined, Value, Value]>([
    ['adds integers', int(2), int(3), int(5)],
    ['becomes a double with a double', int(2), double(0.5), double(2.5)],
    ['stays a double with an integer', double(0.5), int(2), double(2.5)],
    ['starts from the operand where there is nothing', undefined, int(3), int(3)],
    ['starts from the operand where there is no number', text, int(3), int(3)],
    ['stops at the largest integer', maxInteger, int(1), maxInteger],
    ['stops at the smallest integer', minInteger, int(-1), minInteger],
    ['is exact above 2^53', int('9007199254740993'), int(1), int('9007199254740994')],
  ])('%s', (_title, current, increment, expected) => {
    expect(transformed(current, { increment })).toEqual(expected);
  });

  it('refuses what is no number', () => {
    expect(() => transformed(int(1), { increment: text })).toThrow('field "f" needs an integer or a double');
  });
});

describe('maximum and minimum', () => {
  it.each<[string, Value | undefined, Value, Value, Value]>([
    ['take the larger and the smaller', int(2), int(3), int(3), int(2)],
    ['take the type of the one that wins', int(2), double(2.5), double(2.5), int(2)],
    ['leave an equal value of another type as it is', int(3), double(3), int(3), int(3)],
    ['leave a stored zero as it is', double(-0), int(0), double(-0), double(-0)],
    ['give NaN with NaN', int(1), double(Number.NaN), double(Number.NaN), double(Number.NaN)],
    ['take the operand where there is no number', text, int(1), int(1), int(1)],
    ['take the operand where there is nothing', undefined, int(1), int(1), int(1)],
  ])('%s', (_title, current, operand, maximum, minimum) => {
    expect(transformed(current, { maximum: operand })).toEqual(maximum);
    expect(transformed(current, { minimum: operand })).toEqual(minimum);
  });
});

describe('array transforms', () => {
  const values = (...list: readonly Value[]) => ({ values: list });

  it.each<[string, Value | undefined, readonly Value[], Value]>([
    ['append in order what is missing', array(int(1)), [int(2), int(1), int(3)], array(int(1), int(2), int(3))],
    ['take 3 and 3.0 for the same', array(int(3)), [double(3)], array(int(3))],
    ['append each new value once', undefined, [int(1), double(1)], array(int(1))],
    ['replace what is no array', text, [int(1)], array(int(1))],
    ['take NaN for equal to NaN', array(double(Number.NaN)), [double(Number.NaN)], array(double(Number.NaN))],
  ])('%s', (_title, current, elements, expected) => {
    expect(transformed(current, { appendMissingElements: values(...elements) })).toEqual(expected);
  });

  it.each<[string, Value | undefined, readonly Value[], Value]>([
    ['remove all that are equal', array(int(1), int(2), double(1)), [int(1)], array(int(2))],
    ['leave an empty array where there is none', text, [int(1)], array()],
    ['leave an empty array where there is nothing', undefined, [int(1)], array()],
  ])('%s', (_title, current, elements, expected) => {
    expect(transformed(current, { removeAllFromArray: values(...elements) })).toEqual(expected);
  });
});

describe('a list of transforms', () => {
  it('is applied in order and reports each result, null for arrays', () => {
    const { fields, results } = applyTransforms(
      { a: { mapValue: { fields: { n: int(1) } } } },
      compileTransforms([
        { fieldPath: 'a.n', increment: int(1) },
        { fieldPath: 'a.n', increment: int(1) },
        { fieldPath: 'list', appendMissingElements: { values: [int(1)] } },
        { fieldPath: 'at', setToServerValue: 'REQUEST_TIME' },
      ]),
      1_700_000_000_123_456,
    );
    const at = { timestampValue: { seconds: '1700000000', nanos: 123_000_000 } };
    expect(fields).toEqual({ a: { mapValue: { fields: { n: int(3) } } }, list: array(int(1)), at });
    expect(results).toEqual([int(2), int(3), { nullValue: 'NULL_VALUE' }, at]);
  });

  it('refuses a transform without an operation and one of a reserved field', () => {
    expect(() => compileTransforms([{ fieldPath: 'f' }])).toThrow('field "f" names no operation');
    expect(() => compileTransforms([{ fieldPath: '__f__', increment: int(1) }])).toThrow('reserved');
  });
});
