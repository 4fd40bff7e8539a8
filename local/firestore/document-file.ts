import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDataFile, readingError, writingError } from '../data-file.ts';
import type { DocumentJournal } from './document-journal.ts';
import type { DocumentChange } from './document-store.ts';
import type { FieldsCodec } from './fields-codec.ts';
import type { Micros } from './micros.ts';
import type { StoredDocument } from './stored-document.ts';

const schema = `
  CREATE TABLE database (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_commit INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE document (
    database INTEGER NOT NULL REFERENCES database (id),
    path TEXT NOT NULL,
    fields BLOB NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    UNIQUE (database, path)
  ) STRICT;`;

/** Opens `<dataDir>/firestore.sqlite` for a DocumentFile; throws DataFileError when it cannot be used. */
export function openDocumentDatabase(dataDir: string): DatabaseSync {
  return openDataFile({
    file: join(dataDir, 'firestore.sqlite'),
    holds: 'documents of the local Firestore',
    applicationId: 0x53_62_46_73, // "SbFs"
    formatVersion: 1,
    schema,
  });
}

/** The file with the newest documents of all databases of a server. */
export class DocumentFile {
  readonly #db: DatabaseSync;
  readonly #codec: FieldsCodec;
  readonly #file: string;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #putDatabase: StatementSync;
  readonly #putDocument: StatementSync;
  readonly #deleteDocument: StatementSync;

  constructor(db: DatabaseSync, codec: FieldsCodec) {
    this.#db = db;
    this.#codec = codec;
    this.#file = db.location() ?? '';
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#putDatabase = db.prepare(
      `INSERT INTO database (name, last_commit) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET last_commit = excluded.last_commit RETURNING id`,
    );
    this.#putDocument = db.prepare(
      `INSERT INTO document (database, path, fields, create_time, update_time) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (database, path) DO UPDATE
       SET fields = excluded.fields, create_time = excluded.create_time, update_time = excluded.update_time`,
    );
    this.#deleteDocument = db.prepare('DELETE FROM document WHERE database = ? AND path = ?');
  }

  /** The names of all databases that were ever written to. */
  databaseNames(): readonly string[] {
    const rows = this.#db.prepare('SELECT name FROM database ORDER BY id').all();
    return rows.map(({ name }) => String(name));
  }

  /** The part of the file that belongs to one database. */
  journalOf(database: string): DocumentJournal {
    const row = this.#db.prepare('SELECT last_commit FROM database WHERE name = ?').get(database);
    return {
      lastCommit: Number(row?.last_commit ?? 0),
      documents: () => this.#documents(database),
      record: (time, changes) => this.#record(database, time, changes),
    };
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  *#documents(database: string): Iterable<StoredDocument> {
    const rows = this.#db.prepare(
      `SELECT path, fields, create_time, update_time FROM document
       WHERE database = (SELECT id FROM database WHERE name = ?)`,
    );
    try {
      for (const { path, fields, create_time, update_time } of rows.iterate(database)) {
        yield {
          path: String(path),
          fields: this.#codec.decode(fields as Uint8Array),
          createTime: Number(create_time),
          updateTime: Number(update_time),
        };
      }
    } catch (error) {
      throw readingError(error, this.#file);
    }
  }

  /** One transaction of SQLite: the time of a commit is never there without its changes, nor one change without the others. */
  #record(database: string, time: Micros, changes: readonly DocumentChange[]): void {
    try {
      this.#begin.run();
      const id = Number(this.#putDatabase.get(database, time)?.id);
      for (const { path, after } of changes) {
        if (after === undefined) this.#deleteDocument.run(id, path);
        else {
          const fields = this.#codec.encode(after.fields);
          this.#putDocument.run(id, path, fields, after.createTime, after.updateTime);
        }
      }
      this.#commit.run();
    } catch (error) {
      // SQLite itself rolls back after some errors, such as a full disk.
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw writingError(error, this.#file);
    }
  }
}
