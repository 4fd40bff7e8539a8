import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type DataFileProblem = 'in-use' | 'unknown-format' | 'unreadable' | 'unwritable';

/** The file of a data folder cannot be used; the message says why and what to do. */
export class DataFileError extends Error {
  readonly problem: DataFileProblem;
  readonly file: string;
  constructor(problem: DataFileProblem, file: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DataFileError';
    this.problem = problem;
    this.file = file;
  }
}

/** Marks a file as one of this server: "SbFs". */
const applicationId = 0x53_62_46_73;
const formatVersion = 1;

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

/** Beyond this the write-ahead log is cut back once its contents are in the file. */
const maxIdleLogBytes = 8 * 1024 * 1024;

const sqliteBusy = 5;

/**
 * Opens `<dataDir>/firestore.sqlite` for this process alone, making it and the folder where they are missing.
 * Throws DataFileError for a file that another process has open, of another format, or that cannot be read; it is left as it is.
 */
export function openDataFile(dataDir: string): DatabaseSync {
  const file = join(dataDir, 'firestore.sqlite');
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    // Documents may hold secrets; the files that SQLite puts beside this one get the same mode.
    closeSync(openSync(file, 'a', 0o600));
    db = new DatabaseSync(file);
    // Exclusive from the first read on: a second process is refused at its start, not at its first write.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    if (isNew(db)) create(db);
    else checkFormat(db, file);
    // A commit is then in the operating system's hands when it returns: the end of this process cannot undo it.
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${maxIdleLogBytes}`);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    db.exec('PRAGMA incremental_vacuum');
    return db;
  } catch (error) {
    db?.close();
    throw readingError(error, file);
  }
}

/** Without a table: made just now, or by a process that ended before it could create one. */
function isNew(db: DatabaseSync): boolean {
  return numberOf(db, 'SELECT count(*) AS n FROM sqlite_schema') === 0 && numberOf(db, 'PRAGMA user_version') === 0;
}

function create(db: DatabaseSync): void {
  // Only a file without tables can be told to give free pages back.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
  const marks = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`;
  db.exec(`BEGIN EXCLUSIVE; ${schema} ${marks}; COMMIT`);
}

function checkFormat(db: DatabaseSync, file: string): void {
  if (numberOf(db, 'PRAGMA application_id') !== applicationId) {
    const advice = 'Move it away, or give another dataDir.';
    throw new DataFileError('unknown-format', file, `"${file}" holds no data of the local Firestore. ${advice}`);
  }
  const version = numberOf(db, 'PRAGMA user_version');
  if (version === formatVersion) return;
  const advice = 'Start the version of the server that wrote it, or move it away to begin with empty databases.';
  const message = `"${file}" has format version ${version}; this server knows version ${formatVersion}. ${advice}`;
  throw new DataFileError('unknown-format', file, message);
}

function numberOf(db: DatabaseSync, query: string): number {
  return Number(Object.values(db.prepare(query).get() ?? {})[0]);
}

/** The basic code of an error of SQLite, which its extended codes carry in their lowest byte; 0 for any other error. */
function sqliteCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** What an error says, whichever realm it comes from. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** What became of reading the file, in words for the one who started the server. */
export function readingError(error: unknown, file: string): DataFileError {
  if (error instanceof DataFileError) return error;
  if (sqliteCode(error) === sqliteBusy) {
    const advice = 'Stop that process, or give another dataDir.';
    return new DataFileError('in-use', file, `"${file}" is in use by another process. ${advice}`, error);
  }
  const advice = 'Move it away to begin with empty databases, or give another dataDir.';
  return new DataFileError('unreadable', file, `"${file}" cannot be read: ${messageOf(error)}. ${advice}`, error);
}
