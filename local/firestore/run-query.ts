import type { DocumentStore } from './document-store.ts';
import type { Micros } from './micros.ts';
import type { QueryPlan, QueryResult, QueryScope } from './query-plan.ts';
import { collectionPathOf, lastId } from './resource-name.ts';
import type { StoredDocument } from './stored-document.ts';

export interface QueryOutcome {
  readonly results: readonly QueryResult[];
  /** How many the offset skipped. */
  readonly skipped: number;
}

/** Whether the documents of a collection are in the scope of a query. */
export function scopeIncludes(scope: QueryScope, collectionPath: string): boolean {
  const { parentPath, collectionId, allDescendants } = scope;
  if (collectionId !== undefined && lastId(collectionPath) !== collectionId) return false;
  if (allDescendants) return parentPath === '' || collectionPath.startsWith(`${parentPath}/`);
  return parentOf(collectionPath) === parentPath;
}

function parentOf(collectionPath: string): string {
  return collectionPath.includes('/') ? collectionPathOf(collectionPath) : '';
}

function* collectionsIn(store: DocumentStore, scope: QueryScope): Iterable<string> {
  const { parentPath, collectionId, allDescendants } = scope;
  if (collectionId !== undefined && !allDescendants) {
    yield parentPath === '' ? collectionId : `${parentPath}/${collectionId}`;
    return;
  }
  const candidates = collectionId === undefined ? store.collectionPaths() : store.groupPaths(collectionId);
  for (const path of candidates) if (scopeIncludes(scope, path)) yield path;
}

function* candidates(store: DocumentStore, plan: QueryPlan, at: Micros | undefined): Iterable<StoredDocument> {
  const isNewest = at === undefined || at >= store.lastCommit;
  for (const path of collectionsIn(store, plan.scope)) {
    yield* isNewest ? store.candidates(path, plan.filter.equalities) : store.collection(path, at);
  }
}

/** Runs a query on the newest state, or on the state at a time. */
export function runQuery(store: DocumentStore, plan: QueryPlan, at?: Micros): QueryOutcome {
  const matching: QueryResult[] = [];
  for (const document of candidates(store, plan, at)) {
    const result = plan.accept(document);
    if (result !== undefined) matching.push(result);
  }
  matching.sort(plan.compare);
  const end = plan.limit === undefined ? undefined : plan.offset + plan.limit;
  return { results: matching.slice(plan.offset, end), skipped: Math.min(plan.offset, matching.length) };
}
