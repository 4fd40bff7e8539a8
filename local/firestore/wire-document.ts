import { type FieldPath, maskFields, parseReadableFieldPath } from './field-path.ts';
import { toWireTimestamp } from './micros.ts';
import { documentName } from './resource-name.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Fields, WireTimestamp } from './value.ts';

export interface WireDocument {
  readonly name: string;
  readonly fields: Fields;
  readonly createTime: WireTimestamp;
  readonly updateTime: WireTimestamp;
}

/** A document as answers carry it; `mask` limits its fields. */
export function toWireDocument(database: string, document: StoredDocument, mask?: readonly FieldPath[]): WireDocument {
  return {
    name: documentName(database, document.path),
    fields: mask === undefined ? document.fields : maskFields(document.fields, mask),
    createTime: toWireTimestamp(document.createTime),
    updateTime: toWireTimestamp(document.updateTime),
  };
}

/** The paths of a mask; undefined when there is none. */
export function parseMask(mask: { readonly fieldPaths: readonly string[] } | null): readonly FieldPath[] | undefined {
  return mask === null ? undefined : mask.fieldPaths.map(parseReadableFieldPath);
}
