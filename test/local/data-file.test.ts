import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataFileOptions, openDataFile, writingError } from '../../local/data-file.ts';

const schema = 'CREATE TABLE kept (text TEXT) STRICT;';
const applicationId = 0x74657374;

let folder: string;
let dataDir: string;
let options: DataFileOptions;
const opened: DatabaseSync[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-file-'));
  dataDir = join(folder, 'a', 'b');
  const file = join(dataDir, 'test.sqlite');
  options = { file, holds: 'jobs of the local Cloud Run', applicationId, formatVersion: 3, schema };
});
afterEach(() => {
  for (const database of opened.splice(0)) if (database.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

function open(): DatabaseSync {
  const database = openDataFile(options);
  opened.push(database);
  return database;
}

/** What nobody should do while a server has the file. */
function tamper(sql: string): void {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(options.file);
  database.exec(sql);
  database.close();
}

const pragma = (database: DatabaseSync, name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {});
const modeOf = (path: string) => statSync(path).mode & 0o777;
const texts = (database: DatabaseSync) =>
  database
    .prepare('SELECT text FROM kept')
    .all()
    .map(({ text }) => text);

describe('a data file', () => {
  it('is made with its folder where they are missing, for their user only', () => {
    open().exec("INSERT INTO kept VALUES ('a')");
    expect(readdirSync(dataDir).sort()).toEqual(['test.sqlite', 'test.sqlite-wal']);
    const paths = [...readdirSync(dataDir).map((name) => join(dataDir, name)), dataDir, join(folder, 'a')];
    expect(paths.map(modeOf)).toEqual([0o600, 0o600, 0o700, 0o700]);
  });

  it.each<[string, () => void]>([
    ['a new file', () => {}],
    [
      'an empty one, as a process leaves it that is killed at once',
      () => {
        mkdirSync(dataDir, { recursive: true });
        writeFileSync(options.file, '');
      },
    ],
    [
      'one without tables, as a process leaves it that is killed a little later',
      () => tamper('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL'),
    ],
    ['one that was there', () => open().close()],
  ])('is prepared in the same way as %s', (_how, prepare) => {
    prepare();
    const database = open();
    const incremental = 2;
    const normal = 1;
    expect(
      ['journal_mode', 'synchronous', 'auto_vacuum', 'journal_size_limit', 'application_id', 'user_version'].flatMap(
        (name) => pragma(database, name),
      ),
    ).toEqual(['wal', normal, incremental, 8 * 1024 * 1024, applicationId, 3]);
    expect(texts(database)).toEqual([]);
  });

  it('has what was committed when it is opened again, and is alone in its folder once closed', () => {
    const first = open();
    first.exec("INSERT INTO kept VALUES ('a')");
    first.close();
    expect(readdirSync(dataDir)).toEqual(['test.sqlite']);
    expect(texts(open())).toEqual(['a']);
  });

  it('gives back the space of what was deleted when it is opened again', () => {
    const first = open();
    first.prepare('INSERT INTO kept VALUES (?)').run('x'.repeat(1_000_000));
    first.exec('DELETE FROM kept');
    first.close();
    const full = statSync(options.file).size;
    open().close();
    expect([full > 1_000_000, statSync(options.file).size < 50_000]).toEqual([true, true]);
  });
});

describe('a file that another has', () => {
  const inUse = () => ({
    name: 'DataFileError',
    problem: 'in-use',
    file: options.file,
    message: `"${options.file}" is in use by another process. Stop that process, or give another data folder.`,
  });

  it('is refused from its opening on, before anything is written, and free once it is closed', () => {
    const first = open();
    expect(open).toThrow(expect.objectContaining(inUse()));
    first.exec("INSERT INTO kept VALUES ('a')");
    first.close();
    expect(texts(open())).toEqual(['a']);
  });

  it('stays closed to other processes after a second opening in this one was refused', async () => {
    open();
    expect(open).toThrow(expect.objectContaining(inUse()));
    const script = `
      import { DatabaseSync } from 'node:sqlite';
      try { new DatabaseSync(process.argv[1]).prepare('SELECT * FROM kept').all(); console.log('read'); }
      catch ({ message }) { console.log(message); }`;
    const args = ['--no-warnings', '--input-type=module', '-e', script, options.file];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe('database is locked\n');
  });
});

describe('a file that cannot be used is refused, named, and left as it is', () => {
  const holdsNothing = /^".*test\.sqlite" holds no jobs of the local Cloud Run\. Move it away, or give another/;
  const otherVersion = (version: number) =>
    new RegExp(
      `^".*test\\.sqlite" has format version ${version}; this server knows version 3\\. Start the version .* or give`,
    );
  const tamperOwn = (sql: string) => {
    open().close();
    tamper(sql);
  };

  it.each<[string, () => void, string, RegExp]>([
    ['of a later format', () => tamperOwn('PRAGMA user_version = 4'), 'unknown-format', otherVersion(4)],
    ['of an earlier format', () => tamperOwn('PRAGMA user_version = 2'), 'unknown-format', otherVersion(2)],
    ['without a format', () => tamperOwn('PRAGMA user_version = 0'), 'unknown-format', otherVersion(0)],
    ['of another server', () => tamperOwn('PRAGMA application_id = 7'), 'unknown-format', holdsNothing],
    ['of another program', () => tamper('CREATE TABLE other (n INTEGER)'), 'unknown-format', holdsNothing],
    ['that another program has marked only', () => tamper('PRAGMA user_version = 3'), 'unknown-format', holdsNothing],
    [
      'that is no SQLite file',
      () => {
        mkdirSync(dataDir, { recursive: true });
        writeFileSync(options.file, 'some text, long enough for a header '.repeat(30));
      },
      'unreadable',
      /^".*test\.sqlite" cannot be read: file is not a database\. Move its folder away to begin empty, or give another/,
    ],
  ])('%s', (_title, prepare, problem, message) => {
    prepare();
    const before = readFileSync(options.file);
    const { file } = options;
    expect(open).toThrow(
      expect.objectContaining({ name: 'DataFileError', problem, file, message: expect.stringMatching(message) }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(dataDir)).toEqual(['test.sqlite']);
  });

  it.each<[string, () => void]>([
    ['that is a folder', () => mkdirSync(options.file, { recursive: true })],
    ['whose folder is a file', () => writeFileSync(join(folder, 'a'), '')],
  ])('%s', (_title, prepare) => {
    prepare();
    expect(open).toThrow(expect.objectContaining({ problem: 'unreadable', file: options.file }));
  });
});

describe('a commit that cannot be written', () => {
  it('is told with the file, what SQLite said and what to do', () => {
    expect(writingError({ errcode: 13, message: 'database or disk is full' }, '/data/x.sqlite')).toMatchObject({
      name: 'DataFileError',
      problem: 'unwritable',
      file: '/data/x.sqlite',
      message: expect.stringMatching(
        /^Writing to "\/data\/x\.sqlite" failed: database or disk is full\. .*permissions/,
      ),
    });
  });
});
