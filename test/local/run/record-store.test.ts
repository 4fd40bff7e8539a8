import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRecordStore } from '../../../local/run/record-store.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-store-'));
  file = join(folder, 'data', 'run.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const anOperation = (name: string) => ({ name, sequence: 0, response: null, subject: null });

describe('the store of records', () => {
  it('has what was kept, as it was at the flush, and not what was dropped', async () => {
    const store = await openRecordStore(file);
    let name = 'early';
    store.keep('operation', 'changed', () => anOperation(name));
    store.keep('operation', 'dropped', () => anOperation('dropped'));
    store.flush();
    store.drop('operation', 'dropped');
    store.keep('operation', 'changed', () => anOperation(name));
    name = 'late';
    store.close();
    const again = await openRecordStore(file);

    expect(again.readAll('operation')).toEqual([anOperation('late')]);
    expect(again.readAll('job')).toEqual([]);
    again.close();
  });

  it('writes all changes of a flush or none, and tries them again at the next', async () => {
    const store = await openRecordStore(file);
    let isBroken = true;
    store.keep('operation', 'whole', () => anOperation('whole'));
    store.keep('operation', 'broken', () => {
      if (isBroken) throw new Error('cannot be described');
      return anOperation('broken');
    });

    expect(() => store.flush()).toThrow('cannot be described');
    expect(store.readAll('operation')).toEqual([]);
    isBroken = false;
    store.flush();
    expect(store.readAll('operation')).toHaveLength(2);
    store.close();
  });

  it('writes by itself when nobody asks', async () => {
    const store = await openRecordStore(file);
    store.keep('operation', 'a', () => anOperation('a'));
    await new Promise((resolve) => setImmediate(resolve));

    expect(store.readAll('operation')).toEqual([anOperation('a')]);
    store.close();
  });

  it('refuses a file that another server holds, and takes it when that one has closed', async () => {
    const first = await openRecordStore(file);

    await expect(openRecordStore(file)).rejects.toThrow(`${file} is held by another process`);
    first.close();
    const second = await openRecordStore(file);
    expect(second.readAll('job')).toEqual([]);
    second.close();
  });

  it.each([
    ['a later version', 'PRAGMA user_version = 2'],
    ['an earlier version', 'PRAGMA user_version = 0'],
    ['another application', 'PRAGMA application_id = 7'],
  ])('refuses a file of %s, names it and leaves it alone', async (_, change) => {
    (await openRecordStore(file)).close();
    const database = new DatabaseSync(file);
    database.exec(change);
    database.close();

    await expect(openRecordStore(file)).rejects.toThrow(new RegExp(`^${file} has format .* move the file away`));
  });

  it('refuses a file that is no database', async () => {
    const other = join(folder, 'run.sqlite');
    writeFileSync(other, 'hello '.repeat(1000));

    await expect(openRecordStore(other)).rejects.toThrow(`${other} cannot be used`);
  });
});
