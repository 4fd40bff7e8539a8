import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BucketRecord, ObjectRecord } from '../../../local/storage/object-store.ts';
import { openSqliteStateFile } from '../../../local/storage/sqlite-state-file.ts';

const bucket: BucketRecord = { name: 'b', generation: 1, metageneration: 1, createdMs: 0, updatedMs: 0, settings: {} };
const object: ObjectRecord = {
  bucket: 'b',
  name: 'not valid Unicode: \ud800',
  generation: 2,
  metageneration: 1,
  sizeBytes: 0,
  crc32c: 'AAAAAA==',
  md5: null,
  componentCount: null,
  createdMs: 0,
  updatedMs: 0,
  fields: {},
};

describe('the state file', () => {
  let dataDir: string;
  let path: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'state-file-'));
    path = join(dataDir, 'storage.sqlite');
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('writes nothing before the commit, and all that was saved with it', () => {
    const file = openSqliteStateFile(path);
    file.saveBucket(bucket);
    file.saveObject({ record: object, contentId: 'c', softDeletion: null });
    expect(file.load()).toMatchObject({ buckets: [], objects: [] });
    file.commit();
    expect(file.load()).toMatchObject({ buckets: [bucket], objects: [{ record: object, contentId: 'c' }] });
    file.close();
  });

  it('writes none of the changes of a commit that fails, says which file it is, and fails again at the next', () => {
    const file = openSqliteStateFile(path);
    file.saveBucket(bucket);
    // The column takes whole numbers only.
    file.saveLastGeneration(1.5);
    for (let attempt = 0; attempt < 2; attempt++) expect(() => file.commit()).toThrow(`Writing to "${path}" failed`);
    expect(file.load().buckets).toEqual([]);
    expect(() => file.close()).toThrow();
  });

  it('writes what is left when it is closed, and is closed once', () => {
    const file = openSqliteStateFile(path);
    file.saveBucket(bucket);
    file.close();
    file.close();
    const again = openSqliteStateFile(path);
    expect(again.load().buckets).toEqual([bucket]);
    again.close();
  });
});
