import { invalidArgument, isReservedName, limits } from './limits.ts';
import { fromWireTimestamp, toWireTimestamp } from './micros.ts';
import { type Fields, isVector, type Value, valueKind } from './value.ts';

/** Reserved names that documents may hold: they mark a map as a vector. */
const vectorMark = '__type__';

/** 0001-01-01 and 9999-12-31, the range of a Firestore timestamp. */
const minSeconds = -62_135_596_800;
const maxSeconds = 253_402_300_799;

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
    if (isReservedName(name) && !(name === vectorMark && depth > 0 && isVector(fields))) {
      throw invalidArgument(`The property name "${name}" is reserved.`);
    }
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
    case 'timestampValue':
      return checkTimestamp(value, path);
    case 'stringValue':
      checkLength(Buffer.byteLength(value.stringValue ?? ''), path);
      return value;
    case 'bytesValue':
      checkLength(value.bytesValue?.length ?? 0, path);
      return value;
    case 'geoPointValue':
      return checkGeoPoint(value, path);
    case 'arrayValue':
      return { arrayValue: { values: checkElements(value.arrayValue?.values ?? [], path, depth) } };
    case 'mapValue':
      return { mapValue: { fields: checkMap(value.mapValue?.fields ?? {}, path, depth) } };
    case 'nullValue':
    case 'booleanValue':
    case 'integerValue':
    case 'doubleValue':
    case 'referenceValue':
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

function checkTimestamp(value: Value, path: string): Value {
  const timestamp = value.timestampValue ?? { seconds: 0, nanos: 0 };
  const seconds = Number(timestamp.seconds);
  if (seconds < minSeconds || seconds > maxSeconds) {
    throw invalidArgument(`The timestamp of property "${path}" is outside the years 1 to 9999.`);
  }
  return { timestampValue: toWireTimestamp(fromWireTimestamp(timestamp)) };
}

function checkGeoPoint(value: Value, path: string): Value {
  const { latitude = 0, longitude = 0 } = value.geoPointValue ?? {};
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return value;
  throw invalidArgument(`The geo point of property "${path}" is out of range: ${latitude}, ${longitude}.`);
}

function checkLength(bytes: number, path: string): void {
  if (bytes <= limits.valueBytes) return;
  throw invalidArgument(`The value of property "${path}" is longer than ${limits.valueBytes} bytes.`);
}
