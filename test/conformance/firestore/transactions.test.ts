import type { DocumentReference, Firestore, Transaction } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, notOnEmulator }) => {
  let firestore: FirestoreUnderTest;
  let db: Firestore;
  let doc: DocumentReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
    db = firestore.db;
  });
  beforeEach(() => {
    doc = db.collection(firestore.freshId()).doc('d');
  });
  afterAll(() => firestore.close());

  /** Reads a counter and writes it back increased. */
  function increment(client: Firestore, ref: DocumentReference, maxAttempts = 5): Promise<void> {
    return client.runTransaction(
      async (transaction) => {
        const snapshot = await transaction.get(client.doc(ref.path));
        transaction.set(client.doc(ref.path), { n: (snapshot.data()?.n ?? 0) + 1 });
      },
      { maxAttempts },
    );
  }

  async function count(ref: DocumentReference): Promise<number> {
    return (await ref.get()).data()?.n;
  }

  describe('a batch', () => {
    it('applies its set, update and delete together', async () => {
      const collection = doc.parent;
      await Promise.all([collection.doc('u').set({ a: 1 }), collection.doc('x').set({ a: 1 })]);
      await db
        .batch()
        .set(collection.doc('s'), { a: 1 })
        .update(collection.doc('u'), { b: 2 })
        .delete(collection.doc('x'))
        .commit();
      const snapshot = await collection.get();
      expect(snapshot.docs.map((each) => [each.id, each.data()])).toEqual([
        ['s', { a: 1 }],
        ['u', { a: 1, b: 2 }],
      ]);
    });

    it('writes nothing at all when one of its updates fails: NOT_FOUND', async () => {
      const collection = doc.parent;
      const batch = db.batch().set(collection.doc('s'), { a: 1 }).update(collection.doc('missing'), { b: 2 });
      await expect(batch.commit()).rejects.toMatchObject({ code: 5 });
      expect((await collection.get()).size).toBe(0);
    });

    it('sees its own earlier writes to the same document', async () => {
      await db.batch().set(doc, { a: 1 }).update(doc, { b: 2 }).commit();
      expect((await doc.get()).data()).toEqual({ a: 1, b: 2 });
    });
  });

  describe('a transaction', () => {
    it('reads, changes and writes', async () => {
      await doc.set({ n: 41 });
      await increment(db, doc);
      expect(await count(doc)).toBe(42);
    });

    it('loses no update to another one at the same time, although both take 50 ms from reading to writing', async () => {
      await doc.set({ n: 0 });
      const slowly = async (transaction: Transaction) => {
        const snapshot = await transaction.get(doc);
        const readAt = performance.now();
        while (performance.now() - readAt < 50) await db.doc(`${doc.path}-other`).get();
        transaction.set(doc, { n: snapshot.data()?.n + 1 });
      };
      await Promise.all([1, 2].map(() => db.runTransaction(slowly, { maxAttempts: 10 })));
      expect(await count(doc)).toBe(2);
    });

    it('loses none of ten updates at the same time', async () => {
      await doc.set({ n: 0 });
      await Promise.all(Array.from({ length: 10 }, () => increment(db, doc, 20)));
      expect(await count(doc)).toBe(10);
    });

    notOnEmulator('the emulator gives up waiting for locks')(
      'loses none of the thousand updates of fifty clients that increment one document twenty times each',
      async () => {
        await doc.set({ n: 0 });
        const clients = Array.from({ length: 50 }, () => firestore.connect());
        await Promise.all(
          clients.map(async (client) => {
            for (let round = 0; round < 20; round++) await increment(client, doc);
          }),
        );
        expect(await count(doc)).toBe(1_000);
      },
    );

    it('sees query results as they are and none that a failed batch left', async () => {
      const collection = doc.parent;
      await collection.doc('a').set({ g: 1 });
      await collection.doc('b').set({ g: 2 });
      await expect(
        db.batch().set(collection.doc('c'), { g: 1 }).update(collection.doc('missing'), { g: 1 }).commit(),
      ).rejects.toMatchObject({ code: 5 });
      const ids = await db.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(collection.where('g', '==', 1));
        transaction.set(doc, { seen: snapshot.size });
        return snapshot.docs.map((each) => each.id);
      });
      expect(ids).toEqual(['a']);
      expect((await doc.get()).data()).toEqual({ seen: 1 });
    });

    it('that is read-only sees one state although it changes meanwhile', async () => {
      const other = doc.parent.doc('other');
      await Promise.all([doc.set({ n: 1 }), other.set({ n: 1 })]);
      const seen = await db.runTransaction(
        async (transaction) => {
          const first = await transaction.get(doc);
          await other.set({ n: 2 });
          const second = await transaction.get(other);
          return [first.data()?.n, second.data()?.n];
        },
        { readOnly: true },
      );
      expect(seen).toEqual([1, 1]);
    });

    it('that creates an existing document fails with ALREADY_EXISTS', async () => {
      await doc.set({ n: 1 });
      const transaction = db.runTransaction(async (each) => {
        await each.get(doc);
        each.create(doc, { n: 2 });
      });
      await expect(transaction).rejects.toMatchObject({ code: 6 });
      expect(await count(doc)).toBe(1);
    });

    it('leaves nothing behind when its function throws, and frees its locks', async () => {
      await doc.set({ n: 1 });
      const transaction = db.runTransaction(async (each) => {
        await each.get(doc);
        each.set(doc, { n: 2 });
        throw new Error('changed my mind');
      });
      await expect(transaction).rejects.toThrow('changed my mind');
      await increment(db, doc);
      expect(await count(doc)).toBe(2);
    });

    it('is as if alone although a document appears that its query would have found', async () => {
      const collection = doc.parent;
      const late = collection.doc('late');
      const sum = db.doc(`${collection.id}-sum/s`);
      let writing: Promise<unknown> | undefined;
      await db.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(collection.where('g', '==', 1));
        writing ??= late.set({ g: 1 });
        transaction.set(sum, { size: snapshot.size });
      });
      await writing;
      const [lateSnapshot, sumSnapshot] = [await late.get(), await sum.get()];
      const lateCameFirst = (lateSnapshot.createTime?.valueOf() ?? '') < (sumSnapshot.updateTime?.valueOf() ?? '');
      expect(sumSnapshot.data()).toEqual({ size: lateCameFirst ? 1 : 0 });
    });

    it('resolves a deadlock of two that read the same documents in opposite order', async () => {
      const other = doc.parent.doc('other');
      await Promise.all([doc.set({ n: 0 }), other.set({ n: 0 })]);
      const gate = Promise.withResolvers<void>();
      let arrived = 0;
      const both = async (first: DocumentReference, second: DocumentReference) =>
        db.runTransaction(async (transaction) => {
          const left = await transaction.get(first);
          if (++arrived === 2) gate.resolve();
          await gate.promise;
          const right = await transaction.get(second);
          transaction.set(first, { n: left.data()?.n + 1 });
          transaction.set(second, { n: right.data()?.n + 1 });
        });
      await Promise.all([both(doc, other), both(other, doc)]);
      expect([await count(doc), await count(other)]).toEqual([2, 2]);
    });
  });
});
