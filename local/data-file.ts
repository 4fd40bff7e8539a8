import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface DataFileOptions {
  readonly file: string;
  /** What stands in it, as messages call it. */
  readonly holds:
    | 'documents of the local Firestore'
    | 'objects of the local Cloud Storage'
    | 'messages of the local Pub/Sub'
    | 'jobs of the local Cloud Run';
  /** Tells the file from any other SQLite file: four letters, as a number. */
  readonly applicationId: number;
  /** Raised with every change of the tables, or of what is in them. */
  readonly formatVersion: number;
  readonly schema: string;
}

export type DataFileProblem = 'in-use' | 'unknown-format' | 'unreadable' | 'unwritable';

/** A server's file in its data folder cannot be used; the message names it, and says why and what to do. */
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

/** Beyond this the write-ahead log is cut back once its contents are in the file. */
const maxIdleLogBytes = 8 * 1024 * 1024;
/** SQLITE_BUSY */
const sqliteBusy = 5;
const otherFolder = 'give another data folder';

/**
 * Opens the file for this process alone, making it and its folder where they are missing. A commit survives the end of the
 * process from the moment it returns; a loss of power may take the last ones.
 * Throws DataFileError for a file that another process has, of another format, or that cannot be read; it is left as it is.
 */
export function openDataFile(options: DataFileOptions): DatabaseSync {
  const { file } = options;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
    database = new DatabaseSync(file);
    // What is locked from the first read on stays locked: a second process is refused at its start, not at its first write.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    prepareFormat(database, options);
    // What earlier processes deleted gives its space back.
    database.exec('PRAGMA incremental_vacuum');
    return database;
  } catch (error) {
    database?.close();
    throw readingError(error, file);
  }
}

/**
 * What is stored may be secret, and SQLite gives the files beside this one its mode. A file that is there is not opened:
 * closing it again would undo the lock of a server in this process.
 */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function prepareFormat(database: DatabaseSync, options: DataFileOptions): void {
  const { applicationId, formatVersion, schema } = options;
  const application = numberOf(database, 'PRAGMA application_id');
  const version = numberOf(database, 'PRAGMA user_version');
  // By its tables, not by its length: a process may have been killed before it had created them.
  const isEmpty = numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0;
  const isUnmarked = application === 0 && version === 0;
  if (!(isEmpty && isUnmarked)) checkFormat({ application, version }, options);
  // A file gives free pages back only if it was told so before its first write, which a lock for writing is too.
  if (isEmpty) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA journal_size_limit = ${maxIdleLogBytes};
    BEGIN EXCLUSIVE;`);
  if (isEmpty) {
    database.exec(`${schema}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  }
  database.exec('COMMIT');
}

function checkFormat(found: { application: number; version: number }, options: DataFileOptions): void {
  const { file, holds, applicationId, formatVersion } = options;
  if (found.application !== applicationId) {
    const message = `"${file}" holds no ${holds}. Move it away, or ${otherFolder}.`;
    throw new DataFileError('unknown-format', file, message);
  }
  if (found.version === formatVersion) return;
  const problem = `has format version ${found.version}; this server knows version ${formatVersion}`;
  const message = `"${file}" ${problem}. Start the version of the server that wrote it, or ${otherFolder}.`;
  throw new DataFileError('unknown-format', file, message);
}

function numberOf(database: DatabaseSync, query: string): number {
  return Number(Object.values(database.prepare(query).get() ?? {})[0]);
}

/** What became of reading the file, in words for the one who started the server. */
export function readingError(error: unknown, file: string): DataFileError {
  if (error instanceof DataFileError) return error;
  if (sqliteCode(error) === sqliteBusy) {
    const message = `"${file}" is in use by another process. Stop that process, or ${otherFolder}.`;
    return new DataFileError('in-use', file, message, error);
  }
  const advice = `Move its folder away to begin empty, or ${otherFolder}.`;
  return new DataFileError('unreadable', file, `"${file}" cannot be read: ${messageOf(error)}. ${advice}`, error);
}

/** For a transaction that was rolled back because it could not be written. */
export function writingError(error: unknown, file: string): DataFileError {
  const advice = 'Nothing of this commit is in the file: look at the space on its disk, and at its permissions.';
  return new DataFileError('unwritable', file, `Writing to "${file}" failed: ${messageOf(error)}. ${advice}`, error);
}

/** The basic code of an error of SQLite, which its extended codes carry in their lowest byte; 0 for any other error. */
function sqliteCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** What an error says, whichever realm it comes from. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
