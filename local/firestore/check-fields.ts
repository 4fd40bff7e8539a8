import { invalidArgument, isReservedName, limits } from './limits.ts';
import { parseWireTimestamp, toWireTimestamp } from './micros.ts';
import { namesDocument } from './resource-name.ts';
import { arrayElements, type Fields, isVector, nullValue, type Value, valueKind, vectorType } from './value.ts';

/**
 * Holds the fields of a write to Google's rules and gives them back as they are stored (timestamps in microseconds).
 * Throws INVALID_ARGUMENT naming the field.
 */
export function checkFields(fields: Fields): Fields {
  return checkMap(fields, '', 0);
}

function checkMap(fields: Fields, path: string, depth: number): Fields {
  const checked: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    const fieldPath = path === '' ? name : `${path}.${name}`;
    if (name === '') throw invalidArgument(`The property "${fieldPath}" has an empty name.`);
    if (isReservedName(name))
      throw invalidArgument(`The property name "${name}" is reserved (property "${fieldPath}").`);
    if (Buffer.byteLength(name) > limits.fieldNameBytes) {
      throw invalidArgument(`The property name "${name.slice(0, 80)}…" is longer than ${limits.fieldNameBytes} bytes.`);
    }
    checked[name] = checkValue(value, fieldPath, depth + 1);
  }
  return checked;
}

/** Checks one value, such as the operand of a transform. `path` names the field in errors. */
export function checkValue(value: Value, path: string, depth = 1): Value {
  if (depth > limits.fieldDepth + 1) {
    throw invalidArgument(`Property "${path}" is nested deeper than ${limits.fieldDepth} levels.`);
  }
  switch (valueKind(value)) {
    case 'nullValue':
      return nullValue;
    case 'timestampValue':
      return checkTimestamp(value, path);
    case 'stringValue':
      checkLength(Buffer.byteLength(value.stringValue ?? ''), path);
      return value;
    case 'bytesValue':
      checkLength(value.bytesValue?.length ?? 0, path);
      return value;
    case 'referenceValue':
      return checkReference(value, path);
    case 'geoPointValue':
      return checkGeoPoint(value, path);
    case 'arrayValue':
      return { arrayValue: { values: checkElements(value.arrayValue?.values ?? [], path, depth) } };
    case 'mapValue': {
      const fields = value.mapValue?.fields ?? {};
      return isVector(fields) ? checkVector(value, path) : { mapValue: { fields: checkMap(fields, path, depth) } };
    }
    case 'booleanValue':
    case 'integerValue':
    case 'doubleValue':
      return value;
    default:
      throw invalidArgument(`The value of property "${path}" has no type, or one that documents cannot hold.`);
  }
}

function checkElements(values: readonly Value[], path: string, depth: number): readonly Value[] {
  return values.map((element, index) => {
    if (element.arrayValue !== undefined) {
      throw invalidArgument(`Property ${path} contains an invalid nested entity: an array directly inside an array.`);
    }
    return checkValue(element, `${path}[${index}]`, depth + 1);
  });
}

/** The operand of a filter or a cursor. Unlike what is stored it may hold arrays in arrays and all nanoseconds of a time. */
export function checkOperand(value: Value, what: string): Value {
  switch (valueKind(value)) {
    case 'arrayValue':
      return { arrayValue: { values: arrayElements(value).map((element) => checkOperand(element, what)) } };
    case 'mapValue': {
      const fields = Object.entries(value.mapValue?.fields ?? {});
      return {
        mapValue: { fields: Object.fromEntries(fields.map(([name, each]) => [name, checkOperand(each, what)])) },
      };
    }
    case undefined:
      throw invalidArgument(`${what} has no value.`);
    case 'timestampValue':
      checkTimestamp(value, what);
      return value;
    default:
      return checkValue(value, what);
  }
}

function checkTimestamp(value: Value, path: string): Value {
  const timestamp = value.timestampValue ?? { seconds: 0, nanos: 0 };
  return { timestampValue: toWireTimestamp(parseWireTimestamp(timestamp, `property "${path}"`)) };
}

function checkReference(value: Value, path: string): Value {
  const name = value.referenceValue ?? '';
  if (namesDocument(name)) return value;
  throw invalidArgument(`The reference of property "${path}" does not name a document: "${name}".`);
}

function checkGeoPoint(value: Value, path: string): Value {
  const { latitude = 0, longitude = 0 } = value.geoPointValue ?? {};
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return value;
  throw invalidArgument(`The geo point of property "${path}" is out of range: ${latitude}, ${longitude}.`);
}

/** A vector holds its mark and an array of doubles, nothing else. */
function checkVector(value: Value, path: string): Value {
  const { [vectorType]: _mark, value: list, ...others } = value.mapValue?.fields ?? {};
  const refuse = (why: string) => invalidArgument(`The vector of property "${path}" ${why}.`);
  if (Object.keys(others).length > 0) throw refuse(`has other fields: ${Object.keys(others).join(', ')}`);
  if (list?.arrayValue === undefined) throw refuse("needs an array in its field 'value'");
  const elements = arrayElements(list);
  if (elements.length === 0) throw refuse('is empty');
  if (elements.length > limits.vectorDimensions) {
    throw refuse(`has ${elements.length} dimensions; ${limits.vectorDimensions} are allowed`);
  }
  if (elements.some((element) => element.doubleValue === undefined)) throw refuse('must hold doubles only');
  return value;
}

function checkLength(bytes: number, path: string): void {
  if (bytes <= limits.valueBytes) return;
  throw invalidArgument(`The value of property "${path}" is longer than ${limits.valueBytes} bytes.`);
}
