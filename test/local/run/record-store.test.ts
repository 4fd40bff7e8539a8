import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

    expect(() => store.flush()).toThrow(`Writing to "${file}" failed: cannot be described`);
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

    await expect(openRecordStore(file)).rejects.toThrow(`"${file}" is in use by another process`);
    first.close();
    const second = await openRecordStore(file);
    expect(second.readAll('job')).toEqual([]);
    second.close();
  });

  it('refuses a file of another program, and names it', async () => {
    mkdirSync(join(folder, 'data'));
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE other (n INTEGER)');
    database.close();

    await expect(openRecordStore(file)).rejects.toThrow(`"${file}" holds no jobs of the local Cloud Run`);
  });
});
