import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { openDataFile, writingError } from '../data-file.ts';
import type { BucketRecord, ObjectRecord } from './object-store.ts';
import type { SavedState, StateFile } from './state-file.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * Records are JSON: all reading is done by the server's memory. An object is keyed by its generation, which is unique in
 * the server, and not by its name, of which SQLite would keep only what is valid Unicode.
 */
const schema = `
  CREATE TABLE buckets (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE objects (
    generation INTEGER PRIMARY KEY, record TEXT NOT NULL, content_id TEXT NOT NULL, soft_deletion TEXT
  ) STRICT;
  CREATE TABLE uploads (id TEXT PRIMARY KEY, record TEXT NOT NULL, content_id TEXT, size_bytes INTEGER) STRICT;
  CREATE TABLE contents (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE last_generation (id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL) STRICT;
`;

/** Throws DataFileError when the file cannot be used. It stays locked against other processes until it is closed. */
export function openSqliteStateFile(path: string): StateFile {
  const database = openDataFile({
    file: path,
    holds: 'objects of the local Cloud Storage',
    applicationId: 0x73_62_73_74, // "sbst"
    formatVersion: 2,
    schema,
  });
  // Records are small: giving their space back with each commit costs little, and no start has to.
  database.exec('PRAGMA auto_vacuum = FULL');
  const write = prepareWrites(database);
  let changes: (() => void)[] = [];
  const record = (statement: keyof typeof write, ...values: SQLInputValue[]) =>
    void changes.push(() => void write[statement].run(...values));

  const commit = () => {
    if (changes.length === 0) return;
    try {
      database.exec('BEGIN');
      for (const change of changes) change();
      database.exec('COMMIT');
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw writingError(error, path);
    }
    changes = [];
  };
  const readContent = database.prepare('SELECT substr(bytes, ?, ?) AS part FROM contents WHERE id = ?');
  return {
    load: () => load(database),
    lastContentRow: Number(database.prepare('SELECT max(id) AS last FROM contents').get()?.last ?? 0),
    saveContent: (row, bytes) => record('saveContent', row, bytes),
    forgetContent: (row) => record('forgetContent', row),
    readContent(row, start, end) {
      const part = readContent.get(start + 1, end - start, row)?.part;
      if (part instanceof Uint8Array && part.length === end - start)
        return Buffer.from(part.buffer, part.byteOffset, part.length);
      throw new Error(`Content ${row} in "${path}" is not what was stored. Delete the object, or the data folder.`);
    },
    saveBucket: (bucket) => record('saveBucket', bucket.name, JSON.stringify(bucket)),
    forgetBucket: (name) => record('forgetBucket', name),
    saveObject: ({ record: object, contentId, softDeletion }) =>
      record(
        'saveObject',
        object.generation,
        JSON.stringify(object),
        contentId,
        softDeletion === null ? null : JSON.stringify(softDeletion),
      ),
    forgetObject: (generation) => record('forgetObject', generation),
    saveUpload: ({ upload, content }) =>
      record('saveUpload', upload.id, JSON.stringify(upload), content?.id ?? null, content?.sizeBytes ?? null),
    forgetUpload: (id) => record('forgetUpload', id),
    saveLastGeneration: (generation) => record('saveLastGeneration', generation),
    commit,
    close() {
      if (!database.isOpen) return;
      try {
        commit();
      } finally {
        database.close();
      }
    },
  };
}

function prepareWrites(database: DatabaseSync) {
  return {
    saveBucket: database.prepare('INSERT OR REPLACE INTO buckets VALUES (?, ?)'),
    forgetBucket: database.prepare('DELETE FROM buckets WHERE name = ?'),
    saveObject: database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)'),
    forgetObject: database.prepare('DELETE FROM objects WHERE generation = ?'),
    saveContent: database.prepare('INSERT INTO contents VALUES (?, ?)'),
    forgetContent: database.prepare('DELETE FROM contents WHERE id = ?'),
    saveUpload: database.prepare('INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)'),
    forgetUpload: database.prepare('DELETE FROM uploads WHERE id = ?'),
    saveLastGeneration: database.prepare('INSERT OR REPLACE INTO last_generation VALUES (1, ?)'),
  };
}

function load(database: DatabaseSync): SavedState {
  const all = (sql: string) => database.prepare(sql).all();
  return {
    buckets: all('SELECT record FROM buckets').map(({ record }) => parse<BucketRecord>(record)),
    objects: all('SELECT * FROM objects ORDER BY generation').map((row) => ({
      record: parse<ObjectRecord>(row.record),
      contentId: String(row.content_id),
      softDeletion: row.soft_deletion === null ? null : parse(row.soft_deletion),
    })),
    uploads: all('SELECT * FROM uploads').map((row) => ({
      upload: parse<UploadRecord>(row.record),
      content: row.content_id === null ? null : { id: String(row.content_id), sizeBytes: Number(row.size_bytes) },
    })),
    lastGeneration: Number(database.prepare('SELECT generation FROM last_generation').get()?.generation ?? 0),
  };
}

/** The format version of the file says that this server wrote it, so the shape is what was saved. */
function parse<T>(column: unknown): T {
  return JSON.parse(String(column)) as T;
}
