import type { FieldEquality } from './collection.ts';
import type { Micros } from './micros.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Fields } from './value.ts';

export interface DocumentChange {
  readonly path: string;
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument | undefined;
}

export interface DocumentWrite {
  /** null deletes. */
  readonly fields: Fields | null;
  /** Whether the commit deleted the document before it wrote it again. */
  readonly isNew: boolean;
}

/**
 * The documents of one database in all versions that may still be read.
 *
 * Reads without a time see the newest commit. A read at a time sees exactly the commits up to that time, which must not
 * lie before `oldestReadable`. Commits come in rising order of time and are visible as a whole.
 */
export interface DocumentStore {
  readonly lastCommit: Micros;
  readonly oldestReadable: Micros;
  get(path: string, at?: Micros): StoredDocument | undefined;
  /** The documents right inside one collection, in no order. */
  collection(collectionPath: string, at?: Micros): Iterable<StoredDocument>;
  /** The newest documents of a collection that can have all these values; some that have not may be among them. */
  candidates(collectionPath: string, equalities: readonly FieldEquality[]): Iterable<StoredDocument>;
  /** Paths of all collections that hold, or lately held, documents. */
  collectionPaths(): Iterable<string>;
  /** Paths of the collections with this id, at any depth. */
  groupPaths(collectionId: string): Iterable<string>;
  /** The newest commit that touched a collection with this id; 0 for none. */
  lastCommitIn(collectionId: string): Micros;
  /** Writes whole documents by path. What stays as it was keeps its update time and is not reported. */
  commit(time: Micros, writes: ReadonlyMap<string, DocumentWrite>): readonly DocumentChange[];
}
