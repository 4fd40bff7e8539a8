import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createObjectStore, type ObjectStore, type StreamedBytes } from '../../gcp/object-store.ts';
import { createBucket } from '../../gcp/provision.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { type LocalServers, startLocalServers } from '../../local/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'create-object-'));
let servers: LocalServers;
let objects: ObjectStore;

beforeAll(async () => {
  servers = await startLocalServers({ folder, only: ['storage'] });
  const config = readGoogleConfig({ ...servers.env, SANDBUS_BUCKET: 'create-object' });
  const storage = createStorageClient(config);
  await createBucket(storage, 'create-object');
  objects = createObjectStore(storage, 'create-object');
});
afterAll(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});

/** These bytes as a stream, in small pieces. */
const streamed = (bytes: Buffer): StreamedBytes => ({
  bytes: bytes.length,
  open: () =>
    Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
      })(),
    ),
});
const asItIs = (bytes: Buffer) => bytes;
const mib = 1024 * 1024;

describe.each([
  ['bytes in memory', asItIs, 10],
  ['no bytes', asItIs, 0],
  ['a short stream', streamed, 10],
  ['a stream that fits into one call', streamed, 8 * mib],
  ['a stream that is longer', streamed, 8 * mib + 1],
])('an object of %s', (title, toContent, size) => {
  const name = `uploads/${title.replaceAll(' ', '-')}`;
  const bytes = Buffer.alloc(size, 'a');

  it('is created once, and counts as created when it is there with the same bytes', async () => {
    await objects.create(name, toContent(bytes));
    await objects.create(name, toContent(bytes));
    expect(Buffer.compare(Buffer.from(await objects.read(name)), bytes)).toBe(0);
  });

  it('stays as it is when others are to be created under its name', async () => {
    const others = Buffer.alloc(Math.max(size, 1), 'b');
    await expect(objects.create(name, toContent(others))).rejects.toMatchObject({ code: 'google/already-exists' });
    expect(Buffer.compare(Buffer.from(await objects.read(name)), bytes)).toBe(0);
  });
});
