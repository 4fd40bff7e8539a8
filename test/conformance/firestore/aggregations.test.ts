import { AggregateField, type CollectionReference } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  /** Ten documents { i: 0…9 }. */
  let ten: CollectionReference;
  let mixed: CollectionReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
    const { db } = firestore;
    ten = db.collection(firestore.freshId());
    mixed = db.collection(firestore.freshId());
    const batch = db.batch();
    for (let i = 0; i < 10; i++) batch.set(ten.doc(`d${i}`), { i, g: i % 3 });
    batch.set(mixed.doc('a'), { n: 1, m: 2 });
    batch.set(mixed.doc('b'), { n: 2.5 });
    batch.set(mixed.doc('c'), { n: 'text', m: null });
    batch.set(mixed.doc('d'), {});
    await batch.commit();
  });
  afterAll(() => firestore.close());

  describe('an aggregation', () => {
    it('counts the documents of a query', async () => {
      expect((await ten.count().get()).data()).toEqual({ count: 10 });
      expect((await ten.where('g', '==', 0).count().get()).data()).toEqual({ count: 4 });
      expect((await ten.orderBy('i').offset(1).limit(2).count().get()).data()).toEqual({ count: 2 });
    });

    it('sums and averages', async () => {
      const query = ten.aggregate({ sum: AggregateField.sum('i'), average: AggregateField.average('i') });
      expect((await query.get()).data()).toEqual({ sum: 45, average: 4.5 });
    });

    it('skips what is no number, and gives a double as soon as one is among the numbers', async () => {
      const query = mixed.aggregate({ sum: AggregateField.sum('n'), average: AggregateField.average('n') });
      expect((await query.get()).data()).toEqual({ sum: 3.5, average: 1.75 });
    });

    it('over nothing sums to 0 and has no average', async () => {
      const query = mixed.aggregate({ sum: AggregateField.sum('none'), average: AggregateField.average('none') });
      expect((await query.get()).data()).toEqual({ sum: 0, average: null });
    });

    it('takes only documents that have the fields of all aggregations', async () => {
      const query = mixed.aggregate({
        count: AggregateField.count(),
        n: AggregateField.sum('n'),
        m: AggregateField.sum('m'),
      });
      expect((await query.get()).data()).toEqual({ count: 2, n: 1, m: 2 });
    });

    it('stays an integer up to 64 bits and becomes a double beyond', async () => {
      const large = firestore.db.collection(firestore.freshId());
      const client = firestore.connect({ useBigInt: true });
      await client.doc(`${large.id}/a`).set({ n: 2n ** 62n });
      await client.doc(`${large.id}/b`).set({ n: 2n ** 62n - 1n });
      const query = client.collection(large.id).aggregate({ sum: AggregateField.sum('n') });
      expect((await query.get()).data()).toEqual({ sum: 2n ** 63n - 1n });
      await client.doc(`${large.id}/c`).set({ n: 1n });
      expect((await query.get()).data()).toEqual({ sum: 2 ** 63 });
    });

    it('is part of a transaction', async () => {
      const size = await firestore.db.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(ten.count());
        transaction.set(mixed.doc('e'), { size: snapshot.data().count });
        return snapshot.data().count;
      });
      expect(size).toBe(10);
      expect((await mixed.doc('e').get()).data()).toEqual({ size: 10 });
    });
  });
});
