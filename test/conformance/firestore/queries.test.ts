import { type CollectionReference, FieldPath, FieldValue, Filter, type Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  /** Ten documents d0 to d9: { i, g: i % 3, tags, s }. */
  let ten: CollectionReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
    ten = firestore.db.collection(firestore.freshId());
    const batch = firestore.db.batch();
    for (let i = 0; i < 10; i++) {
      batch.set(ten.doc(`d${i}`), { i, g: i % 3, tags: [`t${i % 2}`, `u${i % 5}`], s: `s${9 - i}` });
    }
    await batch.commit();
  });
  afterAll(() => firestore.close());

  async function ids(query: Query): Promise<string> {
    const snapshot = await query.get();
    return snapshot.docs.map((each) => each.id).join(' ');
  }

  describe('a query', () => {
    const documentId = FieldPath.documentId();
    const thirtyOne = Array.from({ length: 31 }, (_value, index) => index);

    it.each<[string, (collection: CollectionReference) => Query, string]>([
      ['for equal values', (c) => c.where('g', '==', 0), 'd0 d3 d6 d9'],
      ['for a value in a list, ordered', (c) => c.where('g', 'in', [0, 2]).orderBy('i'), 'd0 d2 d3 d5 d6 d8 d9'],
      ['for a value not in a list', (c) => c.where('g', 'not-in', [0, 2]), 'd1 d4 d7'],
      [
        'for an unequal value, ordered by the field and then the name',
        (c) => c.where('g', '!=', 0),
        'd1 d4 d7 d2 d5 d8',
      ],
      ['for a range', (c) => c.where('i', '>=', 2).where('i', '<', 5), 'd2 d3 d4'],
      ['for a range open below', (c) => c.where('i', '>', 7), 'd8 d9'],
      ['for a range closed above', (c) => c.where('i', '<=', 1), 'd0 d1'],
      ['for an array that contains a value', (c) => c.where('tags', 'array-contains', 't1'), 'd1 d3 d5 d7 d9'],
      [
        'for an array that contains any of some values',
        (c) => c.where('tags', 'array-contains-any', ['u0', 'u1']),
        'd0 d1 d5 d6',
      ],
      [
        'for one of two conditions',
        (c) => c.where(Filter.or(Filter.where('i', '==', 1), Filter.where('g', '==', 0))),
        'd0 d1 d3 d6 d9',
      ],
      [
        'for both of two conditions',
        (c) => c.where(Filter.and(Filter.where('i', '<', 5), Filter.where('g', '==', 0))),
        'd0 d3',
      ],
      [
        'for equal values, ordered downwards and limited',
        (c) => c.where('g', '==', 0).orderBy('i', 'desc').limit(2),
        'd9 d6',
      ],
      ['ordered downwards and limited', (c) => c.orderBy('i', 'desc').limit(3), 'd9 d8 d7'],
      ['limited to the last', (c) => c.orderBy('i').limitToLast(2), 'd8 d9'],
      ['with an offset', (c) => c.orderBy('i').offset(7), 'd7 d8 d9'],
      ['with an offset and a limit', (c) => c.orderBy('i').offset(7).limit(1), 'd7'],
      ['with an offset beyond the end', (c) => c.orderBy('i').offset(20), ''],
      ['that starts after a value', (c) => c.orderBy('i').startAfter(6), 'd7 d8 d9'],
      ['between two values, the end left out', (c) => c.orderBy('i').startAt(2).endBefore(5), 'd2 d3 d4'],
      ['between two values, both included', (c) => c.orderBy('i').startAt(2).endAt(4), 'd2 d3 d4'],
      ['downwards from a value', (c) => c.orderBy('i', 'desc').startAt(2), 'd2 d1 d0'],
      ['ordered by document id after one', (c) => c.orderBy(documentId).startAfter('d7'), 'd8 d9'],
      [
        'for equal values ordered by document id downwards',
        (c) => c.where('g', '==', 0).orderBy(documentId, 'desc').limit(2),
        'd9 d6',
      ],
      ['for document ids', (c) => c.where(documentId, 'in', ['d3', 'd1', 'none']), 'd1 d3'],
      ['for document ids in a range', (c) => c.where(documentId, '>', 'd8'), 'd9'],
      ['ordered by a field that no document has', (c) => c.orderBy('none'), ''],
      ['ordered by two fields', (c) => c.orderBy('g', 'desc').orderBy('i', 'desc').limit(4), 'd8 d5 d2 d7'],
      ['ordered by two fields after a prefix', (c) => c.orderBy('g').orderBy('i').startAfter(1), 'd2 d5 d8'],
      ['ordered by text', (c) => c.orderBy('s').limit(2), 'd9 d8'],
      ['without conditions', (c) => c, 'd0 d1 d2 d3 d4 d5 d6 d7 d8 d9'],
    ])('%s', async (_title, build, expected) => {
      expect(await ids(build(ten))).toBe(expected);
    });

    it('starts after a snapshot, by all its orders', async () => {
      const snapshot = await ten.doc('d4').get();
      expect(await ids(ten.orderBy('g').startAfter(snapshot))).toBe('d7 d2 d5 d8');
    });

    it('gives only the selected fields', async () => {
      const snapshot = await ten.where('i', '==', 3).select('g').get();
      expect(snapshot.docs.map((each) => each.data())).toEqual([{ g: 0 }]);
    });

    it('gives only names when no field is selected', async () => {
      const snapshot = await ten.where('i', '==', 3).select().get();
      expect(snapshot.docs.map((each) => [each.id, each.data()])).toEqual([['d3', {}]]);
    });

    it('gives an empty result with a read time', async () => {
      const snapshot = await ten.where('i', '==', 99).get();
      expect(snapshot.empty).toBe(true);
      expect(snapshot.readTime.toMillis()).toBeGreaterThan(0);
    });

    it('finds the documents of a collection group under all parents, and of no other collection', async () => {
      const { db } = firestore;
      const group = firestore.freshId();
      await Promise.all([
        ten.doc('d0').collection(group).doc('x').set({ n: 1 }),
        ten.doc('d1').collection(group).doc('y').set({ n: 2 }),
        ten.doc('d1').collection(`${group}z`).doc('other').set({ n: 3 }),
        db.collection(group).doc('root').set({ n: 4 }),
      ]);
      expect(await ids(db.collectionGroup(group))).toBe('x y root');
      expect(await ids(db.collectionGroup(group).where('n', '<=', 2))).toBe('x y');
      expect(await ids(ten.doc('d1').collection(group))).toBe('y');
    });

    it('takes 30 values for in and 10 for not-in', async () => {
      expect(await ids(ten.where('i', 'in', thirtyOne.slice(1)))).toBe('d1 d2 d3 d4 d5 d6 d7 d8 d9');
      expect(await ids(ten.where('i', 'not-in', thirtyOne.slice(0, 9).concat(99)))).toBe('d9');
    });

    it('streams its results one by one', async () => {
      const seen: unknown[] = [];
      for await (const each of ten.orderBy('i').stream()) seen.push(each);
      expect(seen).toHaveLength(10);
    });
  });

  describe('null and NaN', () => {
    let odd: CollectionReference;
    beforeAll(async () => {
      odd = firestore.db.collection(firestore.freshId());
      await Promise.all([
        odd.doc('absent').set({}),
        odd.doc('nan').set({ v: Number.NaN, list: [Number.NaN] }),
        odd.doc('null').set({ v: null, list: [null] }),
        odd.doc('one').set({ v: 1, list: [1] }),
        odd.doc('text').set({ v: 'a' }),
      ]);
    });

    it.each<[string, (collection: CollectionReference) => Query, string]>([
      ['null is found by == null', (c) => c.where('v', '==', null), 'null'],
      ['!= null leaves out null and absent', (c) => c.where('v', '!=', null), 'nan one text'],
      ['NaN is found by == NaN', (c) => c.where('v', '==', Number.NaN), 'nan'],
      ['!= NaN leaves out NaN, null and absent', (c) => c.where('v', '!=', Number.NaN), 'one text'],
      ['!= leaves out null and absent', (c) => c.where('v', '!=', 1), 'nan text'],
      ['not-in leaves out null and absent', (c) => c.where('v', 'not-in', [1]), 'nan text'],
      ['in finds neither null nor NaN', (c) => c.where('v', 'in', [null, Number.NaN, 1]), 'one'],
      ['in null finds nothing', (c) => c.where('v', 'in', [null]), ''],
      ['in NaN finds nothing', (c) => c.where('v', 'in', [Number.NaN]), ''],
      [
        'array-contains-any finds neither null nor NaN',
        (c) => c.where('list', 'array-contains-any', [null, Number.NaN, 1]),
        'one',
      ],
      ['an order leaves out only the absent', (c) => c.orderBy('v'), 'null nan one text'],
      ['a range stays within its type', (c) => c.where('v', '>', 0), 'one'],
      ['a range of text stays within its type', (c) => c.where('v', '>=', ''), 'text'],
    ])('%s', async (_title, build, expected) => {
      expect(await ids(build(odd))).toBe(expected);
    });
  });

  describe('the order of values', () => {
    it('goes by type first, then by value', async () => {
      const mixed = firestore.db.collection(firestore.freshId());
      const values: readonly unknown[] = [
        null,
        false,
        true,
        Number.NaN,
        Number.NEGATIVE_INFINITY,
        -1,
        0,
        0.5,
        1,
        1.5,
        Number.POSITIVE_INFINITY,
        new Date(0),
        new Date(1),
        '',
        'Z',
        'a',
        'aa',
        'b',
        '\u{ffee}',
        '\u{1f600}',
        Buffer.from([]),
        Buffer.from([0]),
        Buffer.from([1, 0]),
        firestore.db.doc('a/a'),
        firestore.db.doc('a/b'),
        firestore.db.doc('a/b/c/d'),
        [],
        [1],
        [1, 2],
        ['a'],
        FieldValue.vector([2]),
        FieldValue.vector([1, 1]),
        FieldValue.vector([1, 2]),
        {},
        { a: 1 },
        { a: 1, b: 1 },
        { a: 2 },
        { b: 0 },
      ];
      const batch = firestore.db.batch();
      for (const [index, v] of values.entries()) batch.set(mixed.doc(String(index)), { v });
      await batch.commit();
      const snapshot = await mixed.orderBy('v').get();
      expect(snapshot.docs.map((each) => each.id)).toEqual(values.map((_value, index) => String(index)));
      const downwards = await mixed.orderBy('v', 'desc').get();
      expect(downwards.docs.map((each) => each.id)).toEqual(values.map((_value, index) => String(index)).reverse());
    });
  });
});
