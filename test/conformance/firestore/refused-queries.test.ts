import { type CollectionReference, FieldPath, Filter, type Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

const documentId = FieldPath.documentId();
const thirtyOne = Array.from({ length: 31 }, (_value, index) => index);

const refused: readonly (readonly [string, number, RegExp, (collection: CollectionReference) => Query])[] = [
  ['reads names downwards without a filter', 9, /descending key scans/, (c) => c.orderBy(documentId, 'desc')],
  ['has more than 30 values for in', 3, /'IN' supports up to 30/, (c) => c.where('g', 'in', thirtyOne)],
  [
    'has more than 10 values for not-in',
    3,
    /'NOT_IN' supports up to 10/,
    (c) => c.where('g', 'not-in', thirtyOne.slice(20)),
  ],
  [
    'has more than 30 disjunctions',
    3,
    /Result had 31 disjunctions/,
    (c) => c.where(Filter.or(...thirtyOne.map((value) => Filter.where('g', '==', value)))),
  ],
  ['has two negative filters', 3, /Only a single 'NOT_EQUAL'/, (c) => c.where('g', '!=', 1).where('i', '!=', 2)],
  [
    'has two array-contains filters',
    3,
    /maximum of 1 'ARRAY_CONTAINS'/,
    (c) => c.where('tags', 'array-contains', 'a').where('tags', 'array-contains', 'b'),
  ],
  ['has not-in beside in', 3, /'NOT_IN' cannot be used/, (c) => c.where('g', 'not-in', [1]).where('i', 'in', [1, 2])],
  ['filters on a reserved field', 3, /reserved name in field path __x__/, (c) => c.where('__x__', '==', 1)],
  [
    'has more than 10 fields with a range',
    3,
    /more than 10 distinct inequality fields/,
    (c) => thirtyOne.slice(0, 11).reduce<Query>((query, n) => query.where(`f${n}`, '<', 1), c),
  ],
  [
    'has more than 100 filters and orders',
    3,
    /more than 100 filters/,
    (c) => Array.from({ length: 101 }, (_value, n) => n).reduce<Query>((query, n) => query.where(`f${n}`, '==', 1), c),
  ],
  ['is ordered by a field twice', 3, /duplicate fields g/, (c) => c.orderBy('g').orderBy('g', 'desc')],
  ['is ordered by name over a range of a field', 3, /after the key/, (c) => c.where('g', '>', 1).orderBy(documentId)],
  [
    'asks for a name beside a range of a field',
    3,
    /[Ee]quality on (key|__name__) is not allowed/,
    (c) => c.where(documentId, '==', 'd1').where('g', '>', 1),
  ],
  ['is ordered by a field after the name', 3, /after the key/, (c) => c.orderBy(documentId).orderBy('g')],
];

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  /** Google's client repeats a refused query for some seconds, so all are asked at once. */
  let answers: ReadonlyMap<string, Promise<unknown>>;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
    const collection = firestore.db.collection(firestore.freshId());
    answers = new Map(refused.map(([title, , , build]) => [title, build(collection).get()]));
    await Promise.allSettled(answers.values());
  });
  afterAll(() => firestore.close());

  describe('a query that Google refuses', () => {
    it.each(refused)('%s', async (title, code, message) => {
      await expect(answers.get(title)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });
  });
});
