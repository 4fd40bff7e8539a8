import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, unlikeEmulator }) => {
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

  async function writeTen(): Promise<void> {
    const batch = db.batch();
    for (let n = 0; n < 10; n++) batch.set(collection.doc(`d${n}`), { n, even: n % 2 === 0 });
    await batch.commit();
  }

  describe('listDocuments', () => {
    it('lists all documents of a collection by name', async () => {
      await writeTen();
      const refs = await collection.listDocuments();
      expect(refs.map((ref) => ref.id)).toEqual(Array.from({ length: 10 }, (_value, n) => `d${n}`));
    });

    it('shows documents that do not exist but have documents below them', async () => {
      await collection.doc('b').set({});
      await collection.doc('a/sub/x').set({});
      await collection.doc('c/sub/x/deep/y').set({});
      await collection.doc('gone/sub/x').set({});
      await collection.doc('gone/sub/x').delete();
      const refs = await collection.listDocuments();
      expect(refs.map((ref) => ref.id)).toEqual(['a', 'b', 'c']);
    });

    unlikeEmulator('the emulator answers an ordered page under a mask with UNKNOWN')(
      'gives pages, masked and in an order of choice',
      async () => {
        await writeTen();
        const request = {
          parent: firestore.root,
          collectionId: collection.id,
          pageSize: 4,
          orderBy: 'n desc',
          mask: { fieldPaths: ['n'] },
        };
        const pages: unknown[] = [];
        let pageToken = '';
        do {
          const options = { ...asOwner, autoPaginate: false };
          const [documents, _next, response] = await firestore.raw.listDocuments({ ...request, pageToken }, options);
          pages.push(
            documents.map((document) => Object.entries(document.fields ?? {}).map(([k, v]) => k + v.integerValue)),
          );
          pageToken = response.nextPageToken ?? '';
        } while (pageToken !== '');
        expect(pages).toEqual([
          [['n9'], ['n8'], ['n7'], ['n6']],
          [['n5'], ['n4'], ['n3'], ['n2']],
          [['n1'], ['n0']],
        ]);
      },
    );

    it('refuses an order together with missing documents', async () => {
      const request = { parent: firestore.root, collectionId: collection.id, orderBy: 'n', showMissing: true };
      await expect(firestore.raw.listDocuments(request, asOwner)).rejects.toMatchObject({ code: 3 });
    });
  });

  describe('listCollections', () => {
    it('lists the collections of the root', async () => {
      await collection.doc('d').set({});
      const ids = (await db.listCollections()).map((each) => each.id);
      expect(ids).toContain(collection.id);
      expect(ids).toEqual([...ids].sort());
    });

    it('lists the collections of a document, also of one that does not exist', async () => {
      const doc = collection.doc('d');
      await doc.collection('second').doc('x').set({});
      await doc.collection('first').doc('x').set({});
      await doc.collection('deep').doc('x').collection('deeper').doc('y').set({});
      await collection.doc('other').collection('others').doc('x').set({});
      expect((await doc.listCollections()).map((each) => each.id)).toEqual(['deep', 'first', 'second']);
    });

    it('leaves out a collection once its last document is gone', async () => {
      const doc = collection.doc('d');
      await doc.collection('sub').doc('x').set({});
      await doc.collection('sub').doc('x').delete();
      expect(await doc.listCollections()).toEqual([]);
    });
  });

  describe('partitions of a collection group', () => {
    unlikeEmulator('the emulator has no PartitionQuery')('cover every document exactly once', async () => {
      await writeTen();
      const group = db.collectionGroup(collection.id);
      const seen: string[] = [];
      let parts = 0;
      for await (const partition of group.getPartitions(3)) {
        parts++;
        const snapshot = await partition.toQuery().get();
        seen.push(...snapshot.docs.map((each) => each.id));
      }
      expect(parts).toBe(3);
      expect(seen).toEqual(Array.from({ length: 10 }, (_value, n) => `d${n}`));
    });
  });
});
