import { isVector, type Value, type ValueKind, valueKind, type WireTimestamp } from './value.ts';

/** Google's order of types: firebase.google.com/docs/firestore/manage-data/data-types. Vectors stand before maps. */
const typeRank = {
  nullValue: 0,
  booleanValue: 1,
  integerValue: 2,
  doubleValue: 2,
  timestampValue: 3,
  stringValue: 4,
  bytesValue: 5,
  referenceValue: 6,
  geoPointValue: 7,
  arrayValue: 8,
  mapValue: 10,
} as const satisfies Record<ValueKind, number>;
const vectorRank = 9;

/** Values compare with each other only inside one rank; range filters never reach across ranks. */
export function rankOf(value: Value): number {
  const kind = valueKind(value);
  if (kind === undefined) return -1;
  if (kind === 'mapValue' && isVector(value.mapValue?.fields ?? {})) return vectorRank;
  return typeRank[kind];
}

function order<T extends string | number | bigint | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** UTF-8 byte order. UTF-16 units agree with it except for surrogates, which stand above every other unit. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    const leftSurrogate = (left & 0xf800) === 0xd800;
    const rightSurrogate = (right & 0xf800) === 0xd800;
    return leftSurrogate === rightSurrogate ? order(left, right) : leftSurrogate ? 1 : -1;
  }
  return order(a.length, b.length);
}

/** NaN stands before all other numbers; integers and doubles compare exactly, also above 2^53. */
function compareNumbers(a: Value, b: Value): number {
  const left = a.doubleValue ?? BigInt(a.integerValue ?? 0);
  const right = b.doubleValue ?? BigInt(b.integerValue ?? 0);
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareTimestamps(a: WireTimestamp, b: WireTimestamp): number {
  return order(Number(a.seconds), Number(b.seconds)) || order(a.nanos, b.nanos);
}

const numericId = /^__id(-?\d+)__$/;

/** Ids in byte order; Datastore's numeric ids stand first, by number. */
function compareIds(a: string, b: string): number {
  const left = numericId.exec(a)?.[1];
  const right = numericId.exec(b)?.[1];
  if (left !== undefined && right !== undefined) return order(BigInt(left), BigInt(right));
  if (left !== undefined) return -1;
  return right !== undefined ? 1 : compareStrings(a, b);
}

/** Order of `__name__`: id by id, a parent before what is below it. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const split = a.lastIndexOf('/');
  // Most comparisons are inside one collection, where only the last ids can differ.
  if (split === b.lastIndexOf('/') && a.startsWith(b.slice(0, split))) {
    return compareIds(a.slice(split + 1), b.slice(split + 1));
  }
  const left = a.split('/');
  const right = b.split('/');
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = compareIds(left[index] ?? '', right[index] ?? '');
    if (difference !== 0) return difference;
  }
  return order(left.length, right.length);
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = compareValues(a[index] ?? {}, b[index] ?? {});
    if (difference !== 0) return difference;
  }
  return order(a.length, b.length);
}

function compareMaps(a: Readonly<Record<string, Value>>, b: Readonly<Record<string, Value>>): number {
  const left = Object.keys(a).sort(compareStrings);
  const right = Object.keys(b).sort(compareStrings);
  for (let index = 0; index < left.length && index < right.length; index++) {
    const leftKey = left[index] ?? '';
    const rightKey = right[index] ?? '';
    const difference = compareStrings(leftKey, rightKey) || compareValues(a[leftKey] ?? {}, b[rightKey] ?? {});
    if (difference !== 0) return difference;
  }
  return order(left.length, right.length);
}

/** By dimension first, then element by element. */
function compareVectors(a: Readonly<Record<string, Value>>, b: Readonly<Record<string, Value>>): number {
  const left = a.value?.arrayValue?.values ?? [];
  const right = b.value?.arrayValue?.values ?? [];
  return order(left.length, right.length) || compareArrays(left, right);
}

/** Firestore's total order over all values. Zero means that queries and array transforms take the two for equal. */
export function compareValues(a: Value, b: Value): number {
  const rank = rankOf(a);
  const difference = order(rank, rankOf(b));
  if (difference !== 0) return difference;
  switch (rank) {
    case typeRank.nullValue:
      return 0;
    case typeRank.booleanValue:
      return order(a.booleanValue === true, b.booleanValue === true);
    case typeRank.integerValue:
      return compareNumbers(a, b);
    case typeRank.timestampValue:
      return compareTimestamps(a.timestampValue ?? epoch, b.timestampValue ?? epoch);
    case typeRank.stringValue:
      return compareStrings(a.stringValue ?? '', b.stringValue ?? '');
    case typeRank.bytesValue:
      return Buffer.compare(a.bytesValue ?? noBytes, b.bytesValue ?? noBytes);
    case typeRank.referenceValue:
      return comparePaths(a.referenceValue ?? '', b.referenceValue ?? '');
    case typeRank.geoPointValue:
      return (
        order(a.geoPointValue?.latitude ?? 0, b.geoPointValue?.latitude ?? 0) ||
        order(a.geoPointValue?.longitude ?? 0, b.geoPointValue?.longitude ?? 0)
      );
    case typeRank.arrayValue:
      return compareArrays(a.arrayValue?.values ?? [], b.arrayValue?.values ?? []);
    case vectorRank:
      return compareVectors(a.mapValue?.fields ?? {}, b.mapValue?.fields ?? {});
    default:
      return compareMaps(a.mapValue?.fields ?? {}, b.mapValue?.fields ?? {});
  }
}

const epoch: WireTimestamp = { seconds: 0, nanos: 0 };
const noBytes = new Uint8Array(0);

export function valuesEqual(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}
