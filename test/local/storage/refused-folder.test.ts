import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStorageServer } from '../../../local/storage/server.ts';

describe('a server is not started on a data folder', () => {
  let dataDir: string;
  let file: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'storage-refused-'));
    file = join(dataDir, 'storage.sqlite');
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const start = (port = 0) => startStorageServer({ dataDir, port, signers: [] });

  it('of another program, and says so', async () => {
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE other (n INTEGER)');
    database.close();
    await expect(start()).rejects.toMatchObject({
      name: 'DataFileError',
      problem: 'unknown-format',
      file,
      message: expect.stringContaining('holds no objects of the local Cloud Storage'),
    });
  });

  it('that an earlier version of it wrote, and says which versions they are', async () => {
    await (await start()).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 1');
    database.close();
    await expect(start()).rejects.toMatchObject({
      problem: 'unknown-format',
      message: expect.stringContaining('has format version 1; this server knows version 2'),
    });
  });

  it('that another server has, until that one is closed', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ problem: 'in-use', message: expect.stringContaining(file) });
    await first.close();
    await (await start()).close();
  });

  it('when its port is taken, and then leaves the folder free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { readonly port: number };
    await expect(start(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
    await (await start()).close();
  });
});
