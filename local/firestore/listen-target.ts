import type { Database } from './database.ts';
import type { DocumentChange } from './document-store.ts';
import { invalidArgument } from './limits.ts';
import { type Micros, toWireTimestamp } from './micros.ts';
import type { QueryPlan } from './query-plan.ts';
import { collectionPathOf, documentName, parseParent, pathInDatabase } from './resource-name.ts';
import { runQuery, scopeIncludes } from './run-query.ts';
import type { StoredDocument } from './stored-document.ts';
import type { StructuredQuery } from './structured-query.ts';
import type { WireTimestamp } from './value.ts';
import { toWireDocument, type WireDocument } from './wire-document.ts';

/** What a client asks to be told about, as the wire carries it. */
export interface WireTarget {
  readonly query?: { readonly parent: string; readonly structuredQuery?: StructuredQuery };
  readonly documents?: { readonly documents: readonly string[] };
  readonly resumeToken?: Uint8Array;
  readonly readTime?: WireTimestamp;
  readonly targetId: number;
  readonly once: boolean;
}

/** News of one document for one target. */
export type DocumentNews =
  | {
      readonly documentChange: {
        readonly document: WireDocument;
        readonly targetIds: readonly number[];
        readonly removedTargetIds: readonly number[];
      };
    }
  | { readonly documentDelete: RemovedDocument }
  | { readonly documentRemove: RemovedDocument };

interface RemovedDocument {
  readonly document: string;
  readonly removedTargetIds: readonly number[];
  readonly readTime: WireTimestamp;
}

/** A target with what its client knows of it, kept up to date commit by commit. */
export interface ListenTarget {
  readonly id: number;
  /** What the client must be told to get from the state at `since` (or from nothing) to the newest one. */
  start(since: Micros | undefined, now: Micros): readonly DocumentNews[];
  /** What a commit changes for this target. */
  follow(changes: readonly DocumentChange[], time: Micros): readonly DocumentNews[];
}

/** Makes a target of a request; throws the status that ends the target. */
export function createTarget(database: Database, target: WireTarget, id: number): ListenTarget {
  if (target.documents) {
    const paths = target.documents.documents.map((name) => pathInDatabase(database.name, name));
    return documentsTarget(database, [...new Set(paths)], id);
  }
  if (!target.query?.structuredQuery) throw invalidArgument('A target needs documents or a structured query.');
  const parent = parseParent(target.query.parent);
  if (parent.database !== database.name) {
    throw invalidArgument(`The parent "${target.query.parent}" is not in the database "${database.name}".`);
  }
  return queryTarget(database, database.plan(target.query.structuredQuery, parent.path), id);
}

function documentsTarget(database: Database, paths: readonly string[], id: number): ListenTarget {
  const watched = new Set(paths);
  const news = newsFor(database, id);
  return {
    id,
    start: (since, now) =>
      paths.flatMap((path) => {
        const document = database.store.get(path);
        const before = since === undefined ? undefined : database.store.get(path, since);
        if (document === undefined) return since !== undefined && before === undefined ? [] : [news.deleted(path, now)];
        return before?.updateTime === document.updateTime ? [] : [news.changed(document)];
      }),
    follow: (changes, time) =>
      changes
        .filter(({ path }) => watched.has(path))
        .map(({ path, after }) => (after === undefined ? news.deleted(path, time) : news.changed(after))),
  };
}

type Results = ReadonlyMap<string, StoredDocument>;

function queryTarget(database: Database, plan: QueryPlan, id: number): ListenTarget {
  const news = newsFor(database, id, plan);
  const resultsAt = (at?: Micros): Results =>
    new Map(runQuery(database.store, plan, at).results.map(({ document }) => [document.path, document]));
  /** With a limit, a document may enter or leave because of another one: the whole result is compared. */
  const isWindow = plan.limit !== undefined || plan.offset > 0;
  let known = new Map<string, StoredDocument>();

  const moveTo = (results: Results, time: Micros): readonly DocumentNews[] => {
    const gone = [...known.keys()]
      .filter((path) => !results.has(path))
      .map((path) => (database.store.get(path) ? news.left(path, time) : news.deleted(path, time)));
    const changed = [...results.values()]
      .filter((document) => known.get(document.path)?.updateTime !== document.updateTime)
      .map(news.changed);
    known = new Map(results);
    return [...gone, ...changed];
  };

  const followOne = ({ path, after }: DocumentChange, time: Micros): readonly DocumentNews[] => {
    if (after !== undefined && plan.accept(after) !== undefined) {
      known.set(path, after);
      return [news.changed(after)];
    }
    if (!known.delete(path)) return [];
    return [after === undefined ? news.deleted(path, time) : news.left(path, time)];
  };

  return {
    id,
    start: (since, now) => {
      known = new Map(since === undefined ? [] : resultsAt(since));
      return moveTo(resultsAt(), now);
    },
    follow: (changes, time) => {
      const relevant = changes.filter(({ path }) => scopeIncludes(plan.scope, collectionPathOf(path)));
      if (relevant.length === 0) return [];
      return isWindow ? moveTo(resultsAt(), time) : relevant.flatMap((change) => followOne(change, time));
    },
  };
}

function newsFor(database: Database, id: number, plan?: QueryPlan) {
  const removed = (path: string, time: Micros): RemovedDocument => ({
    document: documentName(database.name, path),
    removedTargetIds: [id],
    readTime: toWireTimestamp(time),
  });
  return {
    changed: (document: StoredDocument): DocumentNews => ({
      documentChange: {
        document: toWireDocument(database.name, document, plan?.projection),
        targetIds: [id],
        removedTargetIds: [],
      },
    }),
    deleted: (path: string, time: Micros): DocumentNews => ({ documentDelete: removed(path, time) }),
    /** The document is still there but no longer in the result. */
    left: (path: string, time: Micros): DocumentNews => ({ documentRemove: removed(path, time) }),
  };
}
