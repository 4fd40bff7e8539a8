import { comparePaths } from './compare-values.ts';
import type { DocumentStore } from './document-store.ts';
import { invalidArgument } from './limits.ts';
import type { Micros } from './micros.ts';
import type { Order } from './structured-query.ts';

/** Parses `priority desc, __name__`. */
export function parseOrderBy(text: string): readonly Order[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const [fieldPath = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    const lower = direction.toLowerCase();
    if (fieldPath === '' || rest.length > 0 || (lower !== 'asc' && lower !== 'desc')) {
      throw invalidArgument(`Invalid order_by "${text}": expected a list of "field [asc|desc]".`);
    }
    return { field: { fieldPath }, direction: lower === 'desc' ? 'DESCENDING' : 'ASCENDING' };
  });
}

function holdsDocuments(store: DocumentStore, collectionPath: string, at: Micros): boolean {
  for (const _document of store.collection(collectionPath, at)) return true;
  return false;
}

/**
 * Paths of documents in a collection that do not exist but have documents below them. With an empty id, of all
 * collections right below the parent.
 */
export function missingDocuments(
  store: DocumentStore,
  scope: { readonly parentPath: string; readonly collectionId: string },
  at: Micros,
): readonly string[] {
  const parent = scope.parentPath === '' ? '' : `${scope.parentPath}/`;
  const depth = parent.split('/').length - 1;
  const missing = new Set<string>();
  for (const path of store.collectionPaths()) {
    const ids = path.split('/');
    if (!path.startsWith(parent) || ids.length < depth + 3) continue;
    if (scope.collectionId !== '' && ids[depth] !== scope.collectionId) continue;
    const documentPath = ids.slice(0, depth + 2).join('/');
    if (missing.has(documentPath) || store.get(documentPath, at) !== undefined) continue;
    if (holdsDocuments(store, path, at)) missing.add(documentPath);
  }
  return [...missing].sort(comparePaths);
}

/** Ids of the collections right below a document, or at the root, that hold documents at any depth. */
export function collectionIds(store: DocumentStore, parentPath: string, at: Micros): readonly string[] {
  const parent = parentPath === '' ? '' : `${parentPath}/`;
  const ids = new Set<string>();
  for (const path of store.collectionPaths()) {
    if (!path.startsWith(parent)) continue;
    const [id = ''] = path.slice(parent.length).split('/');
    if (!ids.has(id) && holdsDocuments(store, path, at)) ids.add(id);
  }
  return [...ids].sort(comparePaths);
}
