import { rankOf } from './compare-values.ts';
import { type FieldPath, fieldAt } from './field-path.ts';
import type { StoredDocument } from './stored-document.ts';
import { type Value, valueKind } from './value.ts';

/** Values that queries take for equal have the same key; different values may share one. */
function keyOf(value: Value): string {
  switch (valueKind(value)) {
    case 'integerValue':
    case 'doubleValue':
      return `n${value.doubleValue ?? Number(value.integerValue)}`;
    case 'stringValue':
      return `s${value.stringValue}`;
    case 'booleanValue':
      return `b${value.booleanValue}`;
    case 'referenceValue':
      return `r${value.referenceValue}`;
    default:
      return `x${rankOf(value)}`;
  }
}

/** Finds the documents of one collection by the value of one field; what it gives still has to be filtered. */
export class EqualityIndex {
  readonly #path: FieldPath;
  readonly #buckets = new Map<string, Map<string, StoredDocument>>();

  constructor(path: FieldPath, documents: Iterable<StoredDocument>) {
    this.#path = path;
    for (const document of documents) this.replace(undefined, document);
  }

  /** Follows a change of the newest state of one document. */
  replace(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    const oldKey = this.#keyIn(before);
    const newKey = this.#keyIn(after);
    if (before !== undefined && oldKey !== undefined && oldKey !== newKey) this.#remove(oldKey, before.path);
    if (after === undefined || newKey === undefined) return;
    const bucket = this.#buckets.get(newKey);
    if (bucket === undefined) this.#buckets.set(newKey, new Map([[after.path, after]]));
    else bucket.set(after.path, after);
  }

  find(value: Value): ReadonlyMap<string, StoredDocument> {
    return this.#buckets.get(keyOf(value)) ?? new Map();
  }

  #keyIn(document: StoredDocument | undefined): string | undefined {
    const value = document && fieldAt(document.fields, this.#path);
    return value && keyOf(value);
  }

  #remove(key: string, path: string): void {
    const bucket = this.#buckets.get(key);
    bucket?.delete(path);
    if (bucket?.size === 0) this.#buckets.delete(key);
  }
}
