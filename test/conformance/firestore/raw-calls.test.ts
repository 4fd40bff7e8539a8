import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  let collectionId: string;
  let name: string;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  beforeEach(() => {
    collectionId = firestore.freshId();
    name = `${firestore.root}/${collectionId}/d`;
  });
  afterAll(() => firestore.close());

  const one = { a: { integerValue: 1 }, b: { integerValue: 2 } };

  describe('the calls on one document that the generated client has', () => {
    it('CreateDocument makes an id where none is given, and refuses one that is taken', async () => {
      const { raw, root } = firestore;
      const request = { parent: root, collectionId, document: { fields: one } };
      const [created] = await raw.createDocument(request, asOwner);
      expect(created.name).toMatch(/\/[A-Za-z0-9]{20}$/);
      await raw.createDocument({ ...request, documentId: 'd' }, asOwner);
      await expect(raw.createDocument({ ...request, documentId: 'd' }, asOwner)).rejects.toMatchObject({ code: 6 });
    });

    it('GetDocument gives the fields of a mask, and NOT_FOUND for none', async () => {
      const { raw, root } = firestore;
      await raw.createDocument({ parent: root, collectionId, documentId: 'd', document: { fields: one } }, asOwner);
      const [document] = await raw.getDocument({ name, mask: { fieldPaths: ['a'] } }, asOwner);
      expect(Object.keys(document.fields ?? {})).toEqual(['a']);
      await expect(raw.getDocument({ name: `${name}x` }, asOwner)).rejects.toMatchObject({ code: 5 });
    });

    it('UpdateDocument changes what its mask names and makes the document where there is none', async () => {
      const { raw } = firestore;
      await raw.updateDocument({ document: { name, fields: one } }, asOwner);
      const fields = { a: { integerValue: 9 } };
      const [updated] = await raw.updateDocument(
        { document: { name, fields }, updateMask: { fieldPaths: ['a'] } },
        asOwner,
      );
      expect(
        Object.entries(updated.fields ?? {})
          .map(([key, value]) => `${key}=${value.integerValue}`)
          .sort(),
      ).toEqual(['a=9', 'b=2']);
    });

    it('DeleteDocument deletes', async () => {
      const { raw } = firestore;
      await raw.updateDocument({ document: { name, fields: one } }, asOwner);
      await raw.deleteDocument({ name }, asOwner);
      await expect(raw.getDocument({ name }, asOwner)).rejects.toMatchObject({ code: 5 });
    });
  });

  describe('transforms that the friendly client has no word for', () => {
    it('raise to a maximum and lower to a minimum', async () => {
      const { raw, database } = firestore;
      const write = (maximum: number, minimum: number) => ({
        update: { name },
        updateMask: { fieldPaths: [] },
        updateTransforms: [
          { fieldPath: 'high', maximum: { integerValue: maximum } },
          { fieldPath: 'low', minimum: { integerValue: minimum } },
        ],
      });
      await raw.commit({ database, writes: [write(3, 3), write(5, 5), write(1, 1)] }, asOwner);
      expect((await firestore.db.doc(`${collectionId}/d`).get()).data()).toEqual({ high: 5, low: 1 });
    });
  });

  describe('a name', () => {
    it.each([
      ['of a collection', 'commit needs a document', '/c'],
      ['with an empty part', 'an empty id', '/c//d/e'],
    ])('%s is refused', async (_title, _why, path) => {
      await expect(firestore.raw.getDocument({ name: firestore.root + path }, asOwner)).rejects.toMatchObject({
        code: 3,
      });
    });
  });
});
