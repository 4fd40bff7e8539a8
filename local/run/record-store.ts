import type { DatabaseSync } from 'node:sqlite';
import type { SavedRecords } from './saved-records.ts';

type Kind = keyof SavedRecords;

/** What outlives the server. The registry and the operations stay the truth; they tell here what changed. */
export interface RecordStore {
  readAll<K extends Kind>(kind: K): SavedRecords[K][];
  /** Writes the record as `describe` gives it at the next flush, which comes by itself in this turn of the event loop. */
  keep<K extends Kind>(kind: K, key: string, describe: () => SavedRecords[K]): void;
  drop(kind: Kind, key: string): void;
  /** Writes what changed since the last one, all or nothing; throws when it cannot and tries again at the next. */
  flush(): void;
  /** Flushes, and gives the file free for another process. */
  close(): void;
}

/** For a server whose state ends with it. */
export const keepNothing: RecordStore = {
  readAll: () => [],
  keep: () => {},
  drop: () => {},
  flush: () => {},
  close: () => {},
};

const schema = `
  CREATE TABLE records (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
  ) WITHOUT ROWID;`;

/** Opens or makes the file and holds it alone; throws DataFileError when it cannot be used. */
export async function openRecordStore(file: string): Promise<RecordStore> {
  // Loaded here: a server without a file needs no SQLite.
  const { openDataFile, writingError } = await import('../data-file.ts');
  const database = openDataFile({
    file,
    holds: 'jobs of the local Cloud Run',
    applicationId: 0x73_62_72_75, // "sbru"
    formatVersion: 1,
    schema,
  });
  return storeIn(database, (error) => writingError(error, file));
}

function storeIn(database: DatabaseSync, writingError: (error: unknown) => Error): RecordStore {
  const select = database.prepare('SELECT value FROM records WHERE kind = ?');
  const insert = database.prepare('INSERT OR REPLACE INTO records (kind, key, value) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM records WHERE kind = ? AND key = ?');
  /** By kind and key; null drops. */
  let pending = new Map<string, { readonly kind: Kind; readonly key: string; describe: (() => object) | null }>();
  let scheduled: NodeJS.Immediate | null = null;

  const flush = () => {
    if (scheduled !== null) clearImmediate(scheduled);
    scheduled = null;
    if (pending.size === 0) return;
    database.exec('BEGIN');
    try {
      for (const { kind, key, describe } of pending.values()) {
        if (describe === null) remove.run(kind, key);
        else insert.run(kind, key, JSON.stringify(describe()));
      }
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw writingError(error);
    }
    pending = new Map();
  };
  /** What fails here is still pending: the next call that must be answered fails by it. */
  const flushByItself = () => {
    try {
      flush();
    } catch {}
  };
  const note = (kind: Kind, key: string, describe: (() => object) | null) => {
    pending.set(`${kind} ${key}`, { kind, key, describe });
    scheduled ??= setImmediate(flushByItself);
  };
  return {
    readAll: (kind) => select.all(kind).map(({ value }) => JSON.parse(String(value))),
    keep: note,
    drop: (kind, key) => note(kind, key, null),
    flush,
    close() {
      try {
        flush();
      } finally {
        database.close();
      }
    },
  };
}
