import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Firestore, Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createRecordReader } from '../../gcp/record-reader.ts';
import { compositeIndexes } from '../../infra/firestore.ts';
import { declaredIndexes } from '../../local/declared-indexes.ts';
import { type LocalServers, startLocalServers } from '../../local/servers.ts';

let folder: string;
let servers: LocalServers;
let db: Firestore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-servers-'));
  servers = await startLocalServers({ folder, indexes: declaredIndexes, env: { SANDBUS_BUCKET: 'none' } });
  db = createFirestoreClient(readGoogleConfig(servers.env));
});
afterAll(async () => {
  await db.terminate();
  await servers.close();
  await rm(folder, { recursive: true });
});

const inDirection = (order: string) => (order === 'ASCENDING' ? 'asc' : 'desc');

describe('the local Firestore', () => {
  it.each(compositeIndexes)('runs a query by the index of $collection on $fields', async ({ collection, fields }) => {
    const ordered = fields.reduce<Query>(
      (query, { path, order }) => query.orderBy(path, inDirection(order)),
      db.collection(collection),
    );
    expect((await ordered.get()).size).toBe(0);
  });

  it('runs every list that the SDK asks for', async () => {
    const reader = createRecordReader(db);
    const lists = await Promise.all([
      reader.listExecutions({ limit: 1 }),
      reader.listExecutions({ limit: 1, sessionId: 's' }),
      reader.listExecutions({ limit: 1, sessionId: 's', before: 1 }),
      reader.listDeadLetters({ limit: 1 }),
      reader.listDeadLetters({ limit: 1, state: 'open' }),
    ]);
    expect(lists.flat()).toEqual([]);
  });

  it.each<[string, () => Query, string]>([
    [
      'a field that no index has',
      () => db.collection('executions').where('state', '==', 'queued').orderBy('acceptedAt', 'desc'),
      'state ascending, acceptedAt descending',
    ],
    [
      'the other direction of a declared order',
      () => db.collection('executions').orderBy('sessionId').orderBy('acceptedAt'),
      'sessionId ascending, acceptedAt ascending',
    ],
    [
      'the index of another collection',
      () => db.collection('leases').where('sessionId', '==', 's').orderBy('acceptedAt', 'desc'),
      'sessionId ascending, acceptedAt descending',
    ],
  ])('refuses a query that needs %s, and names the index to declare', async (_title, query, fields) => {
    await expect(query().get()).rejects.toMatchObject({
      code: 9,
      message: expect.stringContaining(`: ${fields}.`),
    });
  });
});
