import type { CollectionReference, Firestore } from '@google-cloud/firestore';
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

  async function size(): Promise<number> {
    return (await collection.count().get()).data().count;
  }

  describe('a bulk writer', () => {
    it('creates 50 documents', async () => {
      const writer = db.bulkWriter();
      const results = Array.from({ length: 50 }, (_value, n) => writer.create(collection.doc(`d${n}`), { n }));
      await writer.close();
      expect(await Promise.all(results)).toHaveLength(50);
      expect(await size()).toBe(50);
    });

    it('tells of each write that fails, and writes the others', async () => {
      await collection.doc('d').set({ n: 0 });
      const writer = db.bulkWriter();
      const codes: number[] = [];
      writer.onWriteError((error) => {
        codes.push(error.code);
        return false;
      });
      const failed = writer.create(collection.doc('d'), { n: 1 });
      const written = writer.create(collection.doc('e'), { n: 1 });
      await Promise.all([writer.close(), expect(failed).rejects.toMatchObject({ code: 6 }), written]);
      expect(codes).toEqual([6]);
      expect(await size()).toBe(2);
    });

    it('sets 50 documents over what is there', async () => {
      await collection.doc('d0').set({ old: true });
      const writer = db.bulkWriter();
      const sets = Array.from({ length: 50 }, (_value, n) => writer.set(collection.doc(`d${n}`), { n }));
      await Promise.all([writer.close(), ...sets]);
      expect(await size()).toBe(50);
      expect((await collection.doc('d0').get()).data()).toEqual({ n: 0 });
    });
  });

  describe('a recursive delete', () => {
    it('takes a collection with all that is below it, and nothing beside it', async () => {
      const beside = db.collection(`${collection.id}0`).doc('x');
      await Promise.all([
        collection.doc('a').set({}),
        collection.doc('a').collection('sub').doc('x').set({}),
        collection.doc('missing').collection('sub').doc('y').collection('deep').doc('z').set({}),
        beside.set({}),
      ]);
      await db.recursiveDelete(collection);
      expect(await collection.listDocuments()).toEqual([]);
      expect((await beside.get()).exists).toBe(true);
    });

    it('takes a document with all that is below it, and nothing beside it', async () => {
      const doc = collection.doc('a');
      await Promise.all([
        doc.set({}),
        doc.collection('sub').doc('x').set({}),
        collection.doc('ab').set({}),
        collection.doc('ab').collection('sub').doc('x').set({}),
      ]);
      await db.recursiveDelete(doc);
      expect((await collection.listDocuments()).map((ref) => ref.id)).toEqual(['ab']);
      expect((await collection.doc('ab').collection('sub').doc('x').get()).exists).toBe(true);
    });
  });
});
