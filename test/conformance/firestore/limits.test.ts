import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, notOnEmulator }) => {
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

  type CommitRequest = NonNullable<Parameters<FirestoreUnderTest['raw']['commit']>[0]>;
  type RawFields = NonNullable<NonNullable<NonNullable<CommitRequest['writes']>[number]['update']>['fields']>;

  function nested(levels: number): RawFields[string] {
    return levels === 0 ? { integerValue: 1 } : { mapValue: { fields: { v: nested(levels - 1) } } };
  }

  /** Writes fields past the checks of the friendly client. */
  function writeRaw(fields: RawFields): Promise<unknown> {
    const name = `${firestore.root}/${collection.id}/d`;
    const database = firestore.database;
    return firestore.raw.commit({ database, writes: [{ update: { name, fields } }] }, asOwner);
  }

  describe('a document', () => {
    /** The name (16 + 14 + 2 or so), one field name and the overhead; the rest of 1 MiB is for the value. */
    const overhead = (id: string) => 16 + id.length + 1 + 2 + ('a'.length + 1) * 2 + 32;

    it('may have 1 MiB, and not one byte more', async () => {
      const half = 500_000;
      const rest = 1_048_576 - overhead(collection.id) - half - 2;
      await collection.doc('d').set({ a: 'x'.repeat(half), b: 'x'.repeat(rest) });
      await expect(collection.doc('e').set({ a: 'x'.repeat(half), b: 'x'.repeat(rest + 1) })).rejects.toMatchObject({
        code: 3,
        message: expect.stringMatching(/maximum (allowed|entity) size/),
      });
    });

    it('names the property whose value is too long', async () => {
      await collection.doc('d').set({ blob: 'x'.repeat(1_000_000) });
      await expect(collection.doc('d').set({ blob: 'x'.repeat(1_048_488) })).rejects.toMatchObject({
        code: 3,
        message: expect.stringContaining('The value of property "blob" is longer than 1048487 bytes.'),
      });
    });

    it('takes maps 20 levels deep and no deeper', async () => {
      await writeRaw({ a: nested(20) });
      await expect(writeRaw({ a: nested(21) })).rejects.toMatchObject({ code: 3 });
    });

    it('takes an array in a map in an array, but not an array in an array', async () => {
      await collection.doc('d').set({ a: [{ b: [1] }] });
      await expect(writeRaw({ a: { arrayValue: { values: [{ arrayValue: { values: [] } }] } } })).rejects.toMatchObject(
        {
          code: 3,
        },
      );
    });

    it.each<[string, RawFields]>([
      ['a reserved field name', { __a__: { integerValue: 1 } }],
      ['a reserved name inside a map', { a: { mapValue: { fields: { __b__: { integerValue: 1 } } } } }],
      ['an empty field name', { '': { integerValue: 1 } }],
      ['a field name over 1500 bytes', { ['x'.repeat(1501)]: { integerValue: 1 } }],
      ['a value without type', { a: {} }],
      ['a latitude beyond the pole', { a: { geoPointValue: { latitude: 90.1, longitude: 0 } } }],
      ['a time after the year 9999', { a: { timestampValue: { seconds: '253402300800', nanos: 0 } } }],
    ])('does not take %s', async (_title, fields) => {
      await expect(writeRaw(fields)).rejects.toMatchObject({ code: 3 });
    });

    it('keeps names that only look odd', async () => {
      const data = { ['x'.repeat(1500)]: 1, 'a.b': 2, '`': 3, __: 4, ' ': 5 };
      await collection.doc('d').set(data);
      expect((await collection.doc('d').get()).data()).toEqual(data);
    });
  });

  describe('an id', () => {
    it.each([
      ['a document id over 1500 bytes', (id: string) => `${id}/${'x'.repeat(1501)}`],
      ['a reserved document id', (id: string) => `${id}/__x__`],
      ['a reserved collection id', (id: string) => `__${id}__/x`],
      ['a single dot', (id: string) => `${id}/.`],
      ['two dots', (id: string) => `${id}/..`],
    ])('cannot be %s', async (_title, pathOf) => {
      await expect(db.doc(pathOf(collection.id)).set({})).rejects.toMatchObject({ code: 3 });
    });

    it('may have 1500 bytes', async () => {
      const doc = collection.doc('x'.repeat(1500));
      await doc.set({ a: 1 });
      expect((await doc.get()).exists).toBe(true);
    });
  });

  describe('a commit', () => {
    notOnEmulator('the emulator never answers')('over 10 MiB is refused as a whole', async () => {
      const batch = db.batch();
      for (let n = 0; n < 11; n++) batch.set(collection.doc(`d${n}`), { blob: 'x'.repeat(1_000_000) });
      await expect(batch.commit()).rejects.toMatchObject({ code: 3 });
      expect((await collection.count().get()).data().count).toBe(0);
    });

    it('may have more than 500 writes', async () => {
      const batch = db.batch();
      for (let n = 0; n < 600; n++) batch.set(collection.doc(`d${n}`), { n });
      await batch.commit();
      expect((await collection.count().get()).data().count).toBe(600);
    });
  });
});
