import type { CollectionReference, Firestore, Transaction } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  let db: Firestore;
  let collection: CollectionReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
    db = firestore.db;
  });
  beforeEach(() => {
    collection = db.collection(firestore.freshId());
  });
  afterAll(() => firestore.close());

  const accounts = ['a', 'b', 'c', 'd'];

  async function openAccounts(): Promise<void> {
    await Promise.all(accounts.map((id) => collection.doc(id).set({ balance: 100 })));
  }

  /** Moves an amount between two accounts that are read in the order given. */
  async function transfer(transaction: Transaction, from: string, to: string): Promise<void> {
    const source = await transaction.get(collection.doc(from));
    const target = await transaction.get(collection.doc(to));
    transaction.update(collection.doc(from), { balance: source.data()?.balance - 1 });
    transaction.update(collection.doc(to), { balance: target.data()?.balance + 1 });
  }

  async function total(): Promise<number> {
    const read = (transaction: Transaction) => transaction.get(collection);
    const snapshot = await db.runTransaction(read, { readOnly: true });
    return snapshot.docs.reduce((sum, each) => sum + each.data().balance, 0);
  }

  describe('transactions at the same time', () => {
    it('keep the sum of all accounts, and every read-only transaction sees it', async () => {
      await openAccounts();
      const transfers = Array.from({ length: 12 }, (_value, n) => {
        const from = accounts[n % 4] ?? '';
        const to = accounts[(n + 1 + (n % 3)) % 4] ?? '';
        return db.runTransaction((transaction) => transfer(transaction, from, to), { maxAttempts: 20 });
      });
      const totals = await Promise.all(Array.from({ length: 12 }, () => total()));
      await Promise.all(transfers);
      expect([...totals, await total()]).toEqual(Array.from({ length: 13 }, () => 400));
    });

    it('do not both act on a count that only one of them may act on', async () => {
      const jobs = collection.where('running', '==', true);
      const start = (id: string) =>
        db.runTransaction(async (transaction) => {
          const running = (await transaction.get(jobs.count())).data().count;
          if (running >= 1) return 'full';
          transaction.set(collection.doc(id), { running: true });
          return 'started';
        });
      const outcomes = await Promise.all([start('x'), start('y')]);
      expect(outcomes.toSorted()).toEqual(['full', 'started']);
    });

    it('that create the same document succeed once', async () => {
      const doc = collection.doc('claim');
      const claim = (owner: string) =>
        db.runTransaction(async (transaction) => {
          const snapshot = await transaction.get(doc);
          if (snapshot.exists) return snapshot.data()?.owner;
          transaction.create(doc, { owner });
          return owner;
        });
      const owners = await Promise.all(['x', 'y', 'z'].map(claim));
      expect(new Set(owners).size).toBe(1);
    });

    it('that only read the same document do not wait for each other', async () => {
      const shared = collection.doc('settings');
      await shared.set({ limit: 5 });
      const touch = (id: string, meet: () => Promise<void>) =>
        db.runTransaction(async (transaction) => {
          await transaction.get(shared);
          await meet();
          transaction.set(collection.doc(id), { done: true });
        });
      await touch('first', () => Promise.resolve());
      const gate = Promise.withResolvers<void>();
      let arrived = 0;
      const meet = () => {
        if (++arrived === 3) gate.resolve();
        return gate.promise;
      };
      await Promise.all(['x', 'y', 'z'].map((id) => touch(id, meet)));
      expect(arrived).toBe(3);
    });

    it('may each read several documents at once', async () => {
      await openAccounts();
      const refs = accounts.map((id) => collection.doc(id));
      const addOneToAll = (order: readonly number[]) =>
        db.runTransaction(
          async (transaction) => {
            const snapshots = await Promise.all(order.map((index) => transaction.get(refs[index]!)));
            for (const each of snapshots) transaction.update(each.ref, { balance: each.data()?.balance + 1 });
          },
          { maxAttempts: 20 },
        );
      await Promise.all([addOneToAll([0, 1, 2, 3]), addOneToAll([3, 2, 1, 0]), addOneToAll([2, 0, 3, 1])]);
      expect(await total()).toBe(412);
    });

    it('make a plain write to what they read wait until they end', async () => {
      const doc = collection.doc('d');
      await doc.set({ n: 1 });
      let writing: Promise<unknown> | undefined;
      await db.runTransaction(async (transaction) => {
        const before = await transaction.get(doc);
        writing ??= doc.update({ plain: true });
        await collection.doc('other').set({});
        transaction.update(doc, { n: before.data()?.n + 1 });
      });
      await writing;
      expect((await doc.get()).data()).toEqual({ n: 2, plain: true });
    });
  });
});
