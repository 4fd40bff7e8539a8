import { type Fields, type Value, valueKind } from './value.ts';

/** Whether two maps of fields are identical in type and value. Stricter than query equality: 3 and 3.0 differ. */
export function sameFields(a: Fields, b: Fields): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const left = a[name];
    const right = Object.hasOwn(b, name) ? b[name] : undefined;
    return left !== undefined && right !== undefined && sameValue(left, right);
  });
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  const kind = valueKind(a);
  if (kind === undefined || kind !== valueKind(b)) return false;
  switch (kind) {
    case 'arrayValue': {
      const left = a.arrayValue?.values ?? [];
      const right = b.arrayValue?.values ?? [];
      return left.length === right.length && left.every((value, index) => sameValue(value, right[index] ?? {}));
    }
    case 'mapValue':
      return sameFields(a.mapValue?.fields ?? {}, b.mapValue?.fields ?? {});
    case 'bytesValue':
      return Buffer.compare(a.bytesValue ?? noBytes, b.bytesValue ?? noBytes) === 0;
    case 'timestampValue':
      return (
        Number(a.timestampValue?.seconds) === Number(b.timestampValue?.seconds) &&
        a.timestampValue?.nanos === b.timestampValue?.nanos
      );
    case 'geoPointValue':
      return (
        Object.is(a.geoPointValue?.latitude, b.geoPointValue?.latitude) &&
        Object.is(a.geoPointValue?.longitude, b.geoPointValue?.longitude)
      );
    default:
      return Object.is(a[kind], b[kind]);
  }
}

const noBytes = new Uint8Array(0);
