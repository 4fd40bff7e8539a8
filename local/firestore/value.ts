/** A point in time as the wire carries it. int64 arrives as a string. */
export interface WireTimestamp {
  readonly seconds: string | number;
  readonly nanos: number;
}

/**
 * A Firestore value as the wire carries it: exactly one property is set and its name is the type.
 * Stored values are never changed in place, so they may be shared between versions and answers.
 */
export interface Value {
  readonly nullValue?: 'NULL_VALUE';
  readonly booleanValue?: boolean;
  readonly integerValue?: string;
  readonly doubleValue?: number;
  readonly timestampValue?: WireTimestamp;
  readonly stringValue?: string;
  readonly bytesValue?: Uint8Array;
  readonly referenceValue?: string;
  readonly geoPointValue?: { readonly latitude: number; readonly longitude: number };
  readonly arrayValue?: { readonly values: readonly Value[] };
  readonly mapValue?: { readonly fields: Fields };
}

export type Fields = Readonly<Record<string, Value>>;

export type ValueKind = keyof Value;

/** The wire has other kinds too, for pipelines. */
const kinds: ReadonlySet<string> = new Set<ValueKind>([
  'nullValue',
  'booleanValue',
  'integerValue',
  'doubleValue',
  'timestampValue',
  'stringValue',
  'bytesValue',
  'referenceValue',
  'geoPointValue',
  'arrayValue',
  'mapValue',
]);

export const nullValue: Value = { nullValue: 'NULL_VALUE' };

/** Which property of a value is set; undefined for a value that has none, or one that documents cannot hold. */
export function valueKind(value: Value): ValueKind | undefined {
  for (const key in value) return kinds.has(key) ? (key as ValueKind) : undefined;
  return undefined;
}

/** The elements of an array value; empty for any other type. */
export function arrayElements(value: Value | undefined): readonly Value[] {
  return value?.arrayValue?.values ?? [];
}

/** A reserved name that documents may hold: it marks a map as a vector. */
export const vectorType = '__type__';

export function isVector(fields: Fields): boolean {
  return fields[vectorType]?.stringValue === '__vector__';
}
