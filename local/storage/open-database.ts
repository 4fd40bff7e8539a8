import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The data folder cannot be used; the message names the file and what to do. */
export class StateFileError extends Error {
  readonly problem: 'locked' | 'unknown-format' | 'unusable';
  readonly path: string;
  constructor(problem: StateFileError['problem'], path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StateFileError';
    this.problem = problem;
    this.path = path;
  }
}

/** Counts up with each change of the tables or of what is in them. */
const formatVersion = 1;
/** "sbst": tells this file from any other SQLite file. */
const applicationId = 0x73627374;
const sqliteBusy = 5;
const sqliteNotADatabase = 26;

/**
 * Opens the file, for this process alone, or creates it with `schema`. A commit survives the process from the moment it
 * returns: it is in the log file, which the next opening reads.
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Objects may hold secrets, and SQLite gives its further files the mode of this one.
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path);
    // Takes the lock with the first access, and keeps it: contents beside the file have one owner too.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    prepareFormat(database, path, schema);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StateFileError ? error : refusalOf(error, path);
  }
}

function prepareFormat(database: DatabaseSync, path: string, schema: string): void {
  const pragma = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  // By its tables, not by its length: a process may have been killed before it had created them.
  const isEmpty = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables) === 0;
  if (!isEmpty && pragma('application_id') !== applicationId) {
    throw unknownFormat(path, 'is not a file of the local Cloud Storage');
  }
  if (!isEmpty && pragma('user_version') !== formatVersion) {
    throw unknownFormat(path, `has format version ${pragma('user_version')}, this server knows ${formatVersion}`);
  }
  if (isEmpty) database.exec('PRAGMA auto_vacuum = FULL');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608');
  // Fails here, and not in the middle of a request, when another process has the lock.
  database.exec('BEGIN EXCLUSIVE');
  if (isEmpty) {
    database.exec(`${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  }
  database.exec('COMMIT');
}

function unknownFormat(path: string, problem: string): StateFileError {
  return new StateFileError(
    'unknown-format',
    path,
    `${path} ${problem}. Start with another data folder, or with the version that wrote this one; or delete the folder to begin anew.`,
  );
}

function refusalOf(error: unknown, path: string): StateFileError {
  const code = (error as { readonly errcode?: number }).errcode;
  if (code === sqliteBusy) {
    const message = `${path} is in use by another server. Stop that one, or start with another data folder.`;
    return new StateFileError('locked', path, message, error);
  }
  if (code === sqliteNotADatabase) return unknownFormat(path, 'is not a file of the local Cloud Storage');
  const message = `${path} cannot be used: ${String(error)}. Start with a data folder that can be written.`;
  return new StateFileError('unusable', path, message, error);
}
