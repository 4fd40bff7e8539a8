import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** "sbru": tells a file of this server from other SQLite files. */
const applicationId = 0x73627275;
const formatVersion = 1;
/** SQLITE_BUSY */
const sqliteBusy = 5;

/** Opens or makes the file and holds it alone. Throws, naming it, when another process has it or it is of another format. */
export async function openRecordStore(file: string): Promise<RecordStore> {
  // Loaded here: a server without a file needs no SQLite.
  const { DatabaseSync } = await import('node:sqlite');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Variables of jobs may be secret: SQLite gives the files beside it the mode of this one.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    checkFormat(database, file);
    // WAL with NORMAL: what is committed survives the end of the process, not a loss of power.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      BEGIN EXCLUSIVE;
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${formatVersion};
      CREATE TABLE IF NOT EXISTS records (
        kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
      ) WITHOUT ROWID;
      COMMIT`);
    return storeIn(database);
  } catch (error) {
    database.close();
    throw describeFailure(error, file);
  }
}

class UnknownFormat extends Error {}

function checkFormat(database: DatabaseSync, file: string): void {
  const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  const isNew = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
  const [id, version] = [pragma('application_id'), pragma('user_version')];
  if (isNew && id === 0 && version === 0) return;
  if (id === applicationId && version === formatVersion) return;
  throw new UnknownFormat(
    `${file} has format ${version} of application ${id}, this server reads format ${formatVersion} of ${applicationId}: ` +
      'start the version that wrote it, or move the file away to begin anew',
  );
}

function describeFailure(error: unknown, file: string): Error {
  if (error instanceof UnknownFormat) return error;
  const { errcode, message = String(error) } = error as { readonly errcode?: number; readonly message?: string };
  if (errcode === sqliteBusy) {
    return new Error(`${file} is held by another process: stop that server, or give another data folder`, {
      cause: error,
    });
  }
  return new Error(`${file} cannot be used (${message}): move it away to begin anew`, { cause: error });
}

function storeIn(database: DatabaseSync): RecordStore {
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
      throw error;
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
