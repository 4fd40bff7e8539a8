import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Firestore, Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeadLetterFilter } from '../../execution/dead-letter.ts';
import type { ExecutionFilter } from '../../execution/execution-filter.ts';
import { createCapacityStore } from '../../gcp/capacity-store.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createRecordReader } from '../../gcp/record-reader.ts';
import { type CompositeIndex, compositeIndexes } from '../../infra/firestore.ts';
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

/** A query that only this index serves: what it looks up is equal or contained, by the rest it sorts. */
function queryBy(
  collection: string,
  { path, order }: CompositeIndex['fields'][number],
  rest: CompositeIndex['fields'],
) {
  const all = db.collection(collection);
  const first: Query = all.where(path, order === 'CONTAINS' ? 'array-contains' : '==', 'x');
  return rest.reduce((query, field) => query.orderBy(field.path, field.order === 'ASCENDING' ? 'asc' : 'desc'), first);
}

describe('the local Firestore', () => {
  it.each(compositeIndexes)('runs a query by the index of $collection on $fields', async ({ collection, fields }) => {
    const [first = { path: '', order: 'ASCENDING' }, ...rest] = fields;
    expect((await queryBy(collection, first, rest).get()).size).toBe(0);
  });

  const exactExecution = { sessionId: 's', tenantId: 't', state: 'finished', status: 'rejected' } as const;
  const executionFilters: readonly ExecutionFilter[] = [
    {},
    ...Object.entries(exactExecution).map(([name, value]) => ({ [name]: value })),
    { status: 'lost' },
    { state: 'queued', tenantId: 't' },
    exactExecution,
  ];
  it.each(executionFilters)('lists and pages the executions of the filter %j', async (filter) => {
    const reader = createRecordReader(db);
    const lists = await Promise.all([
      reader.listExecutions({ ...filter, limit: 1 }),
      reader.listExecutions({ ...filter, limit: 1, before: 1 }),
    ]);
    expect(lists.flat()).toEqual([]);
  });

  it('counts and finds what waits for capacity, and lists tenants', async () => {
    const reader = createRecordReader(db);
    const counts = [
      reader.countWaiting({ tenantId: 't', rankAt: 1 }),
      reader.countWaiting(),
      reader.countQueued('t'),
      createCapacityStore(db)
        .findWaiting(() => true)
        .then(({ length }) => length),
      reader.listTenants({ limit: 1, after: 't' }).then(({ length }) => length),
    ];
    expect(await Promise.all(counts)).toEqual([0, 0, 0, 0, 0]);
    expect(await reader.countLoad('t', 1)).toEqual({ running: 0, starts: 0 });
  });

  const exact = {
    ...{ state: 'open', code: 'c', tenantId: 't', sessionId: 's', executionId: 'e', topic: 'p', label: 'a=b' },
  } as const;
  const filters: readonly DeadLetterFilter[] = [
    {},
    { since: 1, until: 2 },
    ...Object.entries(exact).map(([name, value]) => ({ [name]: value, until: 2 })),
    { ...exact, since: 1, until: 2 },
    { state: ['open', 'replayed'] },
    { ...exact, state: ['open', 'replayed'], since: 1, until: 2 },
  ];
  it.each(filters)('lists, pages and counts the dead letters of the filter %j', async (filter) => {
    const reader = createRecordReader(db);
    const after = { deadLetteredAt: '2026-01-01T00:00:00.000Z', deadLetterId: 'd' };
    const lists = await Promise.all(
      (['newest-first', 'oldest-first'] as const).flatMap((order) => [
        reader.listDeadLetters({ ...filter, order, limit: 1 }),
        reader.listDeadLetters({ ...filter, order, limit: 1, after }),
      ]),
    );
    expect(lists.flat()).toEqual([]);
    expect(await reader.countDeadLetters(filter)).toBe(0);
  });

  it.each<[string, () => Query, string]>([
    [
      'a field that no index has',
      () => db.collection('executions').where('seq', '==', 1).orderBy('acceptedAt', 'desc'),
      'seq ascending, acceptedAt descending',
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
