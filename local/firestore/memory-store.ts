import type { DocumentChange, DocumentStore, StoredDocument } from './document-store.ts';
import type { Micros } from './micros.ts';
import { collectionPathOf, lastId } from './resource-name.ts';
import { sameFields } from './same-fields.ts';
import type { Fields } from './value.ts';

export interface HistoryPolicy {
  /** Superseded versions stay readable this long; Google promises one hour. */
  readonly retentionMicros: Micros;
  /** Bound on memory: beyond it the oldest versions go early. */
  readonly maxVersions: number;
}

export const defaultHistory: HistoryPolicy = { retentionMicros: 3_600_000_000, maxVersions: 20_000 };

interface Version {
  readonly time: Micros;
  /** undefined: deleted at this time. */
  readonly document: StoredDocument | undefined;
}

/** Versions of one document, oldest first, never empty. */
type Chain = Version[];

/** Keeps everything in memory: a chain of versions per document and a log of commits that says what may be forgotten. */
export class MemoryStore implements DocumentStore {
  readonly #history: HistoryPolicy;
  readonly #chains = new Map<string, Chain>();
  readonly #collections = new Map<string, Map<string, Chain>>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #lastCommitIn = new Map<string, Micros>();
  #log: { readonly time: Micros; readonly path: string }[] = [];
  /** Entries of the log before this one are forgotten. */
  #logStart = 0;
  #lastCommit: Micros = 0;
  #oldestReadable: Micros = 0;

  constructor(history: HistoryPolicy = defaultHistory) {
    this.#history = history;
  }

  get lastCommit(): Micros {
    return this.#lastCommit;
  }

  get oldestReadable(): Micros {
    return this.#oldestReadable;
  }

  get(path: string, at?: Micros): StoredDocument | undefined {
    const chain = this.#chains.get(path);
    return chain === undefined ? undefined : documentAt(chain, at);
  }

  *collection(collectionPath: string, at?: Micros): Iterable<StoredDocument> {
    for (const chain of this.#collections.get(collectionPath)?.values() ?? []) {
      const document = documentAt(chain, at);
      if (document !== undefined) yield document;
    }
  }

  collectionPaths(): Iterable<string> {
    return this.#collections.keys();
  }

  groupPaths(collectionId: string): Iterable<string> {
    return this.#groups.get(collectionId) ?? [];
  }

  changedSince(time: Micros): ReadonlySet<string> {
    const paths = new Set<string>();
    for (let index = this.#log.length - 1; index >= this.#logStart; index--) {
      const entry = this.#log[index];
      if (entry === undefined || entry.time <= time) break;
      paths.add(entry.path);
    }
    return paths;
  }

  lastCommitIn(collectionId: string): Micros {
    return this.#lastCommitIn.get(collectionId) ?? 0;
  }

  commit(time: Micros, writes: ReadonlyMap<string, Fields | null>): readonly DocumentChange[] {
    const changes: DocumentChange[] = [];
    for (const [path, fields] of writes) {
      const before = this.get(path);
      if (fields === null ? before === undefined : before !== undefined && sameFields(before.fields, fields)) continue;
      const after =
        fields === null ? undefined : { path, fields, createTime: before?.createTime ?? time, updateTime: time };
      this.#append(path, { time, document: after });
      changes.push({ path, before, after });
    }
    this.#lastCommit = time;
    this.#forget(time);
    return changes;
  }

  #append(path: string, version: Version): void {
    const collectionPath = collectionPathOf(path);
    const collectionId = lastId(collectionPath);
    this.#lastCommitIn.set(collectionId, version.time);
    this.#log.push({ time: version.time, path });
    const chain = this.#chains.get(path);
    if (chain !== undefined) {
      chain.push(version);
      return;
    }
    const fresh = [version];
    this.#chains.set(path, fresh);
    mapEntry(this.#collections, collectionPath, () => new Map<string, Chain>()).set(path, fresh);
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
    if (this.#logStart > 1024 && this.#logStart * 2 > this.#log.length) {
      this.#log = this.#log.slice(this.#logStart);
      this.#logStart = 0;
    }
  }

  #dropBefore(path: string, time: Micros): void {
    const chain = this.#chains.get(path);
    while (chain !== undefined && chain.length > 1 && (chain[0]?.time ?? time) < time) chain.shift();
    if (chain?.length !== 1 || chain[0]?.document !== undefined) return;
    this.#chains.delete(path);
    const collectionPath = collectionPathOf(path);
    const collection = this.#collections.get(collectionPath);
    collection?.delete(path);
    if (collection?.size !== 0) return;
    this.#collections.delete(collectionPath);
    this.#groups.get(lastId(collectionPath))?.delete(collectionPath);
  }
}

function documentAt(chain: Chain, at: Micros | undefined): StoredDocument | undefined {
  if (at === undefined) return chain[chain.length - 1]?.document;
  return chain.findLast((version) => version.time <= at)?.document;
}

function mapEntry<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
