import { invalidArgument, isReservedName, limits } from './limits.ts';
import type { Fields, Value } from './value.ts';

/** Segments of a field path, unquoted. */
export type FieldPath = readonly string[];

/** The pseudo-field that stands for a document's name in queries. */
export const nameField = '__name__';

const simpleSegment = /^[A-Za-z_][A-Za-z0-9_]*$/;
const parsed = new Map<string, FieldPath>();
const parsedLimit = 10_000;

/** Whether a name can stand in a path without quotes. */
export function isSimpleFieldName(name: string): boolean {
  return simpleSegment.test(name) && isFieldPathSegment(name);
}

function isFieldPathSegment(segment: string): boolean {
  return segment !== '' && Buffer.byteLength(segment) <= limits.fieldNameBytes;
}

function parse(path: string): FieldPath {
  const segments: string[] = [];
  let index = 0;
  while (index <= path.length) {
    let segment = '';
    if (path[index] === '`') {
      index++;
      while (index < path.length && path[index] !== '`') {
        if (path[index] === '\\') index++;
        segment += path[index] ?? '';
        index++;
      }
      if (path[index] !== '`') throw invalidArgument(`Invalid property path "${path}": a quote is not closed.`);
      index++;
    } else {
      const end = path.indexOf('.', index);
      segment = path.slice(index, end === -1 ? path.length : end);
      index += segment.length;
      if (!simpleSegment.test(segment)) {
        throw invalidArgument(
          `Invalid property path "${path}". Unquoted property names must match regex ([a-zA-Z_][a-zA-Z_0-9]*), ` +
            'and quoted property names must match regex (`(?:[^`\\\\]|(?:\\\\.))+`)',
        );
      }
    }
    if (!isFieldPathSegment(segment)) {
      throw invalidArgument(
        `Invalid property path "${path.slice(0, 80)}": a name is empty or over ${limits.fieldNameBytes} bytes.`,
      );
    }
    segments.push(segment);
    if (index === path.length) return segments;
    if (path[index] !== '.') throw invalidArgument(`Invalid property path "${path}": expected "." at ${index}.`);
    index++;
  }
  throw invalidArgument(`Invalid property path "${path}".`);
}

/** Parses `` a.`b c`.d `` into its segments; throws INVALID_ARGUMENT. */
export function parseFieldPath(path: string): FieldPath {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const segments = parse(path);
  if (parsed.size >= parsedLimit) parsed.clear();
  parsed.set(path, segments);
  return segments;
}

/** Like parseFieldPath, for paths that are read: only `__name__` of the reserved names may stand there. */
export function parseReadableFieldPath(path: string): FieldPath {
  const segments = parseFieldPath(path);
  if (path !== nameField && segments.some(isReservedName)) {
    throw invalidArgument(`Invalid reserved name in field path ${path}`);
  }
  return segments;
}

/** Like parseFieldPath, for paths that are written to: reserved names are refused. */
export function parseWritableFieldPath(path: string): FieldPath {
  const segments = parseFieldPath(path);
  const reserved = segments.find(isReservedName);
  if (reserved !== undefined)
    throw invalidArgument(`field path "${path}": the property name "${reserved}" is reserved.`);
  return segments;
}

export function fieldAt(fields: Fields, path: FieldPath): Value | undefined {
  let current: Fields = fields;
  for (let index = 0; index < path.length - 1; index++) {
    const next = ownValue(current, path[index] ?? '')?.mapValue?.fields;
    if (next === undefined) return undefined;
    current = next;
  }
  return ownValue(current, path[path.length - 1] ?? '');
}

function ownValue(fields: Fields, key: string): Value | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** A copy of the fields with one value set, or removed when `value` is undefined. Missing parents are made for a set. */
export function withFieldAt(fields: Fields, path: FieldPath, value: Value | undefined): Fields {
  const [head = '', ...rest] = path;
  const current = ownValue(fields, head);
  if (rest.length === 0) {
    if (value !== undefined) return { ...fields, [head]: value };
    if (current === undefined) return fields;
    const { [head]: _removed, ...others } = fields;
    return others;
  }
  const inner = current?.mapValue?.fields;
  if (inner === undefined && value === undefined) return fields;
  return { ...fields, [head]: { mapValue: { fields: withFieldAt(inner ?? {}, rest, value) } } };
}

/** Only what the paths name, as masks and projections do. */
export function maskFields(fields: Fields, paths: readonly FieldPath[]): Fields {
  let kept: Fields = {};
  for (const path of paths) {
    const value = fieldAt(fields, path);
    if (value !== undefined) kept = withFieldAt(kept, path, value);
  }
  return kept;
}
