import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Raised with every change of the tables. */
const formatVersion = 1;
/** Marks the file as this server's ("sbps"), so that another program's is not taken for it. */
const applicationId = 0x73627073;

/** SQLite's primary result codes. */
const busy = 5;
const notADatabase = 26;

/** The write-ahead log is folded into the file when it has this many pages (16 MB); each time costs a sync of the disk. */
const checkpointPages = 4000;

const tables = `
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
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${formatVersion};
`;

/**
 * Opens `<dataDir>/pubsub.sqlite` for this process alone, and creates it where it is not there. Refuses a file that another
 * process has open, that another program made, or that has a format which this version does not read.
 *
 * Write-ahead log with synchronous NORMAL: what is committed outlives the process, however it ends.
 */
export function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'pubsub.sqlite');
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      BEGIN EXCLUSIVE;
    `);
    if (database.prepare('SELECT 1 FROM sqlite_master').get() === undefined) database.exec(tables);
    database.exec('COMMIT');
    checkFormat(database, file);
    // What earlier processes deleted gives its space back.
    database.exec('PRAGMA incremental_vacuum');
    return database;
  } catch (error) {
    database.close();
    throw explained(error, file);
  }
}

function checkFormat(database: DatabaseSync, file: string): void {
  const application = Number(database.prepare('PRAGMA application_id').get()?.application_id);
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (application !== applicationId) {
    throw new Error(`${file} is a database of another program. Give another dataDir, or move the file away.`);
  }
  if (version !== formatVersion) {
    throw new Error(
      `${file} has format ${version}, and this version of the local Pub/Sub server reads format ${formatVersion} only. ` +
        'Start the version that wrote it, or move the file away to start empty.',
    );
  }
}

function explained(error: unknown, file: string): unknown {
  const { errcode } = error as { readonly errcode?: number };
  const code = (errcode ?? 0) & 0xff;
  if (code === busy) {
    return new Error(`${file} is in use by another process. Stop that one, or give another dataDir.`, { cause: error });
  }
  if (code === notADatabase) {
    return new Error(`${file} is not a SQLite database. Give another dataDir, or move the file away.`, {
      cause: error,
    });
  }
  return error;
}
