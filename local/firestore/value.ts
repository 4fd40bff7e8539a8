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

export const nullValue: Value = { nullValue: 'NULL_VALUE' };

/** Which property of a value is set; undefined for a value that has none, or one that documents cannot hold. */
export function valueKind(value: Value): ValueKind | undefined {
  for (const key in value) return key as ValueKind;
  return undefined;
}

/** The elements of an array value; empty for any other type. */
export function arrayElements(value: Value | undefined): readonly Value[] {
  return value?.arrayValue?.values ?? [];
}

/** A vector is stored as a map that names its type in a reserved field. */
export function isVector(fields: Fields): boolean {
  // biome-ignore lint/complexity/useLiteralKeys: an index signature is read with brackets in this project
  return fields['__type__']?.stringValue === '__vector__';
}
