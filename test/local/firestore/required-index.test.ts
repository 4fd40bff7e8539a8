import { FieldPath, Filter, Firestore, type Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclaredIndex } from '../../../local/firestore/required-index.ts';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import type { RunningServer } from '../../../local/grpc-server.ts';

const ascending = (path: string) => ({ path, order: 'ascending' as const });
const descending = (path: string) => ({ path, order: 'descending' as const });

const name = FieldPath.documentId();

const indexes: readonly DeclaredIndex[] = [
  { collectionId: 'c', scope: 'collection', fields: [ascending('a'), ascending('x')] },
  { collectionId: 'c', scope: 'collection', fields: [ascending('b'), ascending('x')] },
  { collectionId: 'c', scope: 'collection', fields: [{ path: 'tags', order: 'contains' }, ascending('x')] },
  { collectionId: 'c', scope: 'collection', fields: [ascending('x'), descending('y')] },
  { collectionId: 'c', scope: 'collection', fields: [ascending('p'), descending('__name__')] },
  { collectionId: 'g', scope: 'collection-group', fields: [ascending('a')] },
];

let server: RunningServer;
let db: Firestore;

beforeAll(async () => {
  server = await startFirestoreServer({ indexes });
  db = new Firestore({ projectId: 'p', host: `127.0.0.1:${server.port}`, ssl: false });
});
afterAll(async () => {
  await db.terminate();
  await server.close();
});

describe('with declared indexes', () => {
  it.each<[string, () => Query]>([
    ['all documents', () => db.collection('c')],
    ['equal values of several fields', () => db.collection('c').where('p', '==', 1).where('q', '==', 2)],
    ['a range on one field', () => db.collection('c').where('p', '>', 1).where('p', '<', 5).orderBy('p', 'desc')],
    ['an order by the field that is equal', () => db.collection('c').where('p', '==', 1).orderBy('p')],
    ['a lookup and an order that one index serves', () => db.collection('c').where('a', '==', 1).orderBy('x')],
    ['the same with several values', () => db.collection('c').where('a', 'in', [1, 2]).orderBy('x')],
    ['one field in either direction', () => db.collection('c').orderBy('p', 'desc')],
    ['names after the fields, in their direction', () => db.collection('c').orderBy('p', 'desc').orderBy(name, 'desc')],
    ['names against the fields, as declared', () => db.collection('c').orderBy('p').orderBy(name, 'desc')],
    [
      'lookups that two indexes serve together',
      () => db.collection('c').where('a', '==', 1).where('b', '==', 2).orderBy('x'),
    ],
    ['array-contains with an order', () => db.collection('c').where('tags', 'array-contains', 1).where('x', '>', 1)],
    ['two orders as declared', () => db.collection('c').orderBy('x').orderBy('y', 'desc')],
    ['document ids', () => db.collection('c').where('p', '==', 1).orderBy(name)],
    [
      'alternatives that are served each',
      () =>
        db
          .collection('c')
          .where(Filter.or(Filter.where('a', '==', 1), Filter.where('b', '==', 1)))
          .orderBy('x'),
    ],
    ['a collection group without conditions', () => db.collectionGroup('other')],
    ['a collection group by its declared index', () => db.collectionGroup('g').where('a', '==', 1)],
  ])('%s may be asked for', async (_title, query) => {
    expect((await query().get()).size).toBe(0);
  });

  it.each<[string, () => Query, string]>([
    ['a lookup with an order', () => db.collection('c').where('p', '==', 1).orderBy('x'), 'p ascending, x ascending'],
    [
      'a lookup with a range',
      () => db.collection('c').where('a', '==', 1).where('y', '>', 1),
      'a ascending, y ascending',
    ],
    [
      'a lookup with an order that is declared the other way round',
      () => db.collection('c').where('a', '==', 1).orderBy('x', 'desc'),
      'a ascending, x descending',
    ],
    [
      'two orders that are declared the other way round',
      () => db.collection('c').orderBy('x', 'desc').orderBy('y'),
      'x descending, y ascending',
    ],
    [
      'names against the direction of the fields',
      () => db.collection('c').orderBy('q').orderBy(name, 'desc'),
      'q ascending, __name__ descending',
    ],
    ['two orders in one direction', () => db.collection('c').orderBy('x').orderBy('y'), 'x ascending, y ascending'],
    [
      'one alternative of several',
      () =>
        db
          .collection('c')
          .where(Filter.or(Filter.where('a', '==', 1), Filter.where('q', '==', 1)))
          .orderBy('x'),
      'q ascending, x ascending',
    ],
    ['another collection', () => db.collection('d').where('a', '==', 1).orderBy('x'), 'a ascending, x ascending'],
    ['a collection group by a single field', () => db.collectionGroup('c').where('a', '==', 1), 'a ascending'],
  ])('%s is refused, naming the index', async (_title, query, fields) => {
    await expect(query().get()).rejects.toMatchObject({
      code: 9,
      message: expect.stringMatching(`The query requires an index.*: ${fields}\\.`),
    });
  });
});
