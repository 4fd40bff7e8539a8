import { invalidArgument, limits } from './limits.ts';
import { type Fields, isVector, type Value, valueKind } from './value.ts';

/** Sizes as firebase.google.com/docs/firestore/storage-size counts them. */
function stringSize(text: string): number {
  return Buffer.byteLength(text) + 1;
}

function nameSize(path: string): number {
  return path.split('/').reduce((sum, id) => sum + stringSize(id), 16);
}

function fieldsSize(fields: Fields): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + stringSize(name) + valueSize(value), 32);
}

function valueSize(value: Value): number {
  switch (valueKind(value)) {
    case 'stringValue':
      return stringSize(value.stringValue ?? '');
    case 'bytesValue':
      return value.bytesValue?.length ?? 0;
    case 'referenceValue':
      return nameSize((value.referenceValue ?? '').split('/documents/')[1] ?? '');
    case 'geoPointValue':
      return 16;
    case 'arrayValue':
      return (value.arrayValue?.values ?? []).reduce((sum, element) => sum + valueSize(element), 0);
    case 'mapValue':
      return mapSize(value.mapValue?.fields ?? {});
    case 'integerValue':
    case 'doubleValue':
    case 'timestampValue':
      return 8;
    default:
      return 1;
  }
}

function mapSize(fields: Fields): number {
  return isVector(fields) ? 8 * (fields.value?.arrayValue?.values.length ?? 0) : fieldsSize(fields);
}

export function documentSize(path: string, fields: Fields): number {
  return nameSize(path) + fieldsSize(fields);
}

/** Refuses a document over 1 MiB. */
export function checkDocumentSize(name: string, path: string, fields: Fields): void {
  const bytes = documentSize(path, fields);
  if (bytes <= limits.documentBytes) return;
  throw invalidArgument(
    `Document '${name}' cannot be written because its size (${bytes.toLocaleString('en-US')} bytes) exceeds the maximum ` +
      `allowed size of ${limits.documentBytes.toLocaleString('en-US')} bytes.`,
  );
}
