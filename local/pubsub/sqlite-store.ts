import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDataFile, writingError } from '../data-file.ts';
import { loadState } from './load-state.ts';
import type { StoredMessage } from './message.ts';
import type { PubsubStore, ReadHoldState, SavedRecord, SavedState } from './store.ts';

/** The write-ahead log is folded into the file when it has this many pages (16 MB); each time costs a sync of the disk. */
const checkpointPages = 4000;

const schema = `
  CREATE TABLE records (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    published_ms REAL NOT NULL,
    ordering_key TEXT NOT NULL,
    attributes TEXT NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE TABLE holds (
    owner INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT,
    PRIMARY KEY (owner, seq)
  ) STRICT, WITHOUT ROWID;`;

/** How many owners hold a message, and whether it stands in the file. */
interface Held {
  readonly message: StoredMessage;
  owners: number;
  written: boolean;
}

type HoldChange = { readonly kind: 'held'; readonly state: ReadHoldState | null } | { readonly kind: 'released' };

/** Keeps the state in `<dataDir>/pubsub.sqlite`. Only the last of several changes to one thing is written. Throws DataFileError. */
export function openSqliteStore(dataDir: string): PubsubStore {
  const file = join(dataDir, 'pubsub.sqlite');
  const database = openDataFile({
    file,
    holds: 'messages of the local Pub/Sub',
    applicationId: 0x73_62_70_73, // "sbps"
    formatVersion: 2,
    schema,
  });
  database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
  return new SqliteStore(database, file);
}

class SqliteStore implements PubsubStore {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #write: ReturnType<typeof prepareWrites>;
  readonly #held = new Map<number, Held>();
  #records = new Map<number, SavedRecord | null>();
  #holds = new Map<number, Map<number, HoldChange>>();
  #touched = new Set<Held>();

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
    this.#write = prepareWrites(database);
  }

  load(): SavedState {
    const state = loadState(this.#database);
    for (const holds of state.holds.values()) {
      for (const { message } of holds) this.#heldOf(message, { written: true }).owners += 1;
    }
    return state;
  }

  save(record: SavedRecord): void {
    this.#records.set(record.id, record);
  }

  forget(id: number): void {
    this.#records.set(id, null);
  }

  hold(owner: number, message: StoredMessage, state: ReadHoldState | null): void {
    this.#note(owner, message.seq, { kind: 'held', state });
    const held = this.#heldOf(message, { written: false });
    held.owners += 1;
    this.#touched.add(held);
  }

  rehold(owner: number, message: StoredMessage, state: ReadHoldState): void {
    this.#note(owner, message.seq, { kind: 'held', state });
  }

  release(owner: number, message: StoredMessage): void {
    this.#note(owner, message.seq, { kind: 'released' });
    const held = this.#heldOf(message, { written: false });
    held.owners -= 1;
    this.#touched.add(held);
  }

  commit(): void {
    if (this.#records.size === 0 && this.#holds.size === 0) return;
    this.#write.begin.run();
    try {
      for (const [id, record] of this.#records) this.#writeRecord(id, record);
      this.#writeMessages();
      for (const [owner, changes] of this.#holds) this.#writeHolds(owner, changes);
      this.#write.commit.run();
    } catch (error) {
      // SQLite itself has rolled back after some errors, a full disk among them.
      if (this.#database.isTransaction) this.#write.rollback.run();
      throw writingError(error, this.#file);
    }
    for (const held of this.#touched) {
      held.written = held.owners > 0;
      if (!held.written) this.#held.delete(held.message.seq);
    }
    this.#records = new Map();
    this.#holds = new Map();
    this.#touched = new Set();
  }

  close(): void {
    this.#database.close();
  }

  #heldOf(message: StoredMessage, { written }: { readonly written: boolean }): Held {
    const known = this.#held.get(message.seq);
    if (known !== undefined) return known;
    const held = { message, owners: 0, written };
    this.#held.set(message.seq, held);
    return held;
  }

  #note(owner: number, seq: number, change: HoldChange): void {
    const changes = this.#holds.get(owner);
    if (changes === undefined) this.#holds.set(owner, new Map([[seq, change]]));
    else changes.set(seq, change);
  }

  #writeRecord(id: number, record: SavedRecord | null): void {
    if (record === null) this.#write.deleteRecord.run(id);
    else this.#write.record.run(id, JSON.stringify(record));
  }

  #writeMessages(): void {
    const gone: number[] = [];
    for (const { message, owners, written } of this.#touched) {
      const { data, attributes, orderingKey } = message.wire;
      if (owners > 0 && !written) {
        this.#write.message.run(message.seq, message.publishedMs, orderingKey, JSON.stringify(attributes), data);
      }
      if (owners === 0 && written) gone.push(message.seq);
    }
    if (gone.length > 0) this.#write.deleteMessages.run(JSON.stringify(gone));
  }

  #writeHolds(owner: number, changes: ReadonlyMap<number, HoldChange>): void {
    const held: unknown[] = [];
    const released: number[] = [];
    for (const [seq, change] of changes) {
      if (change.kind === 'released') released.push(seq);
      else held.push([seq, change.state?.() ?? null]);
    }
    if (released.length > 0) this.#write.deleteHolds.run(owner, JSON.stringify(released));
    if (held.length > 0) this.#write.holds.run(owner, JSON.stringify(held));
  }
}

/** Many rows travel as one JSON array: one statement for a batch is several times faster than one for each row. */
function prepareWrites(database: DatabaseSync) {
  return {
    begin: database.prepare('BEGIN'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    record: database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?)'),
    deleteRecord: database.prepare('DELETE FROM records WHERE id = ?'),
    message: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?)'),
    deleteMessages: database.prepare('DELETE FROM messages WHERE seq IN (SELECT value FROM json_each(?))'),
    holds: database.prepare(
      "INSERT OR REPLACE INTO holds SELECT ?1, value ->> 0, nullif(value -> 1, 'null') FROM json_each(?2)",
    ),
    deleteHolds: database.prepare('DELETE FROM holds WHERE owner = ? AND seq IN (SELECT value FROM json_each(?))'),
  };
}
