import { Collection, type FieldEquality } from './collection.ts';
import type { DocumentJournal } from './document-journal.ts';
import type { DocumentChange, DocumentStore, DocumentWrite } from './document-store.ts';
import type { Micros } from './micros.ts';
import { collectionPathOf, lastId } from './resource-name.ts';
import { sameFields } from './same-fields.ts';
import type { StoredDocument } from './stored-document.ts';

export interface HistoryPolicy {
  /** Superseded versions stay readable this long; Google promises one hour. */
  readonly retentionMicros: Micros;
  /** Bound on memory: beyond it the oldest versions go early. */
  readonly maxVersions: number;
}

export const defaultHistory: HistoryPolicy = { retentionMicros: 3_600_000_000, maxVersions: 20_000 };

/** So many forgotten entries of the log are cut off at once. */
const logSlack = 1_024;

/**
 * Keeps everything in memory: chains of versions, and a log of changes that says what may be forgotten. With a journal it
 * starts as the journal's last life ended, without superseded versions, and shows no commit that the journal has not kept.
 */
export class MemoryStore implements DocumentStore {
  readonly #history: HistoryPolicy;
  readonly #journal: DocumentJournal | undefined;
  readonly #collections = new Map<string, Collection>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #lastCommitIn = new Map<string, Micros>();
  #log: { readonly time: Micros; readonly path: string }[] = [];
  /** Entries of the log before this one are forgotten. */
  #logStart = 0;
  #lastCommit: Micros = 0;
  #oldestReadable: Micros = 0;

  constructor(history: HistoryPolicy = defaultHistory, journal?: DocumentJournal) {
    this.#history = history;
    this.#journal = journal;
    if (journal === undefined) return;
    for (const document of journal.documents()) this.#append(document.path, document.updateTime, document);
    this.#lastCommit = journal.lastCommit;
    this.#oldestReadable = journal.lastCommit;
  }

  get lastCommit(): Micros {
    return this.#lastCommit;
  }

  get oldestReadable(): Micros {
    return this.#oldestReadable;
  }

  get(path: string, at?: Micros): StoredDocument | undefined {
    return this.#collections.get(collectionPathOf(path))?.get(path, at);
  }

  collection(collectionPath: string, at?: Micros): Iterable<StoredDocument> {
    return this.#collections.get(collectionPath)?.documents(at) ?? [];
  }

  candidates(collectionPath: string, equalities: readonly FieldEquality[]): Iterable<StoredDocument> {
    return this.#collections.get(collectionPath)?.candidates(equalities) ?? [];
  }

  collectionPaths(): Iterable<string> {
    return this.#collections.keys();
  }

  groupPaths(collectionId: string): Iterable<string> {
    return this.#groups.get(collectionId) ?? [];
  }

  lastCommitIn(collectionId: string): Micros {
    return this.#lastCommitIn.get(collectionId) ?? 0;
  }

  commit(time: Micros, writes: ReadonlyMap<string, DocumentWrite>): readonly DocumentChange[] {
    const changes: DocumentChange[] = [];
    for (const [path, { fields, isNew }] of writes) {
      const before = this.get(path);
      if (fields === null && before === undefined) continue;
      if (fields !== null && before !== undefined && !isNew && sameFields(before.fields, fields)) continue;
      const createTime = isNew ? time : (before?.createTime ?? time);
      const after = fields === null ? undefined : { path, fields, createTime, updateTime: time };
      changes.push({ path, before, after });
    }
    // Before anything is seen: what cannot be kept has not happened.
    if (changes.length > 0) this.#journal?.record(time, changes);
    for (const { path, after } of changes) {
      this.#log.push({ time, path });
      this.#append(path, time, after);
    }
    this.#lastCommit = time;
    this.#forget(time);
    return changes;
  }

  #append(path: string, time: Micros, document: StoredDocument | undefined): void {
    const collectionPath = collectionPathOf(path);
    const collectionId = lastId(collectionPath);
    this.#lastCommitIn.set(collectionId, Math.max(time, this.lastCommitIn(collectionId)));
    mapEntry(this.#collections, collectionPath, () => new Collection()).append(path, time, document);
    mapEntry(this.#groups, collectionId, () => new Set<string>()).add(collectionPath);
  }

  /** Drops versions that fell out of the history, and the log entries that kept them. */
  #forget(now: Micros): void {
    const horizon = now - this.#history.retentionMicros;
    for (let entry = this.#log[this.#logStart]; entry !== undefined; entry = this.#log[this.#logStart]) {
      if (entry.time > horizon && this.#log.length - this.#logStart <= this.#history.maxVersions) break;
      this.#logStart++;
      this.#oldestReadable = entry.time;
      this.#dropBefore(entry.path, entry.time);
    }
    if (this.#logStart > logSlack && this.#logStart * 2 > this.#log.length) {
      this.#log = this.#log.slice(this.#logStart);
      this.#logStart = 0;
    }
  }

  #dropBefore(path: string, time: Micros): void {
    const collectionPath = collectionPathOf(path);
    const collection = this.#collections.get(collectionPath);
    collection?.dropBefore(path, time);
    if (collection?.isEmpty !== true) return;
    this.#collections.delete(collectionPath);
    this.#groups.get(lastId(collectionPath))?.delete(collectionPath);
  }
}

function mapEntry<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
