import { type DocumentReference, FieldValue, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  let doc: DocumentReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  beforeEach(() => {
    doc = firestore.db.collection(firestore.freshId()).doc('d');
  });
  afterAll(() => firestore.close());

  describe('a document', () => {
    it('keeps a value of every type', async () => {
      const data = {
        int: 7,
        string: 'text',
        array: [1, 'two', { three: 3 }],
        map: { nested: { deep: true } },
        timestamp: new Timestamp(1_700_000_000, 123_456_000),
        bytes: Buffer.from([0, 1, 255]),
        nothing: null,
        double: 1.5,
        large: 2 ** 40,
        reference: firestore.db.doc('other/x'),
        point: new GeoPoint(1.5, -2.5),
        nan: Number.NaN,
        empty: {},
        none: [],
      };
      await doc.set(data);
      const read = (await doc.get()).data();
      expect({ ...read, reference: null }).toEqual({ ...data, reference: null });
      expect(read?.reference.path).toBe('other/x');
    });

    it('has a create time, an update time and a read time', async () => {
      const { writeTime } = await doc.set({ a: 1 });
      const snapshot = await doc.get();
      expect(snapshot.createTime?.isEqual(writeTime)).toBe(true);
      expect(snapshot.updateTime?.isEqual(writeTime)).toBe(true);
      expect(snapshot.readTime.valueOf() >= writeTime.valueOf()).toBe(true);
    });

    it('keeps its create time and moves its update time when it changes', async () => {
      const created = await doc.set({ a: 1 });
      const updated = await doc.set({ a: 2 });
      const snapshot = await doc.get();
      expect(snapshot.createTime?.isEqual(created.writeTime)).toBe(true);
      expect(snapshot.updateTime?.isEqual(updated.writeTime)).toBe(true);
      expect(updated.writeTime.valueOf() > created.writeTime.valueOf()).toBe(true);
    });

    it('does not exist before it is written', async () => {
      expect((await doc.get()).exists).toBe(false);
    });

    it('comes in the order of the request from getAll, with the missing ones in their places', async () => {
      const { db } = firestore;
      const collection = doc.parent;
      await Promise.all([collection.doc('a').set({ n: 1 }), collection.doc('c').set({ n: 3 })]);
      const snapshots = await db.getAll(collection.doc('c'), collection.doc('b'), collection.doc('a'));
      expect(snapshots.map((snapshot) => [snapshot.id, snapshot.exists])).toEqual([
        ['c', true],
        ['b', false],
        ['a', true],
      ]);
    });

    it('is created once', async () => {
      await doc.create({ a: 1 });
      expect((await doc.get()).data()).toEqual({ a: 1 });
    });

    it('is refused by a second create with ALREADY_EXISTS', async () => {
      await doc.create({ a: 1 });
      await expect(doc.create({ a: 2 })).rejects.toMatchObject({ code: 6 });
      expect((await doc.get()).data()).toEqual({ a: 1 });
    });

    it('keeps its other fields when a dotted path is updated', async () => {
      await doc.set({ a: { b: 1, c: 2 }, d: 3 });
      await doc.update({ 'a.b': 9 });
      expect((await doc.get()).data()).toEqual({ a: { b: 9, c: 2 }, d: 3 });
    });

    it('must exist to be updated: NOT_FOUND', async () => {
      await expect(doc.update({ a: 1 })).rejects.toMatchObject({ code: 5 });
      expect((await doc.get()).exists).toBe(false);
    });

    it('is merged deeply by set with merge', async () => {
      await doc.set({ a: { b: 1 }, d: 3 });
      await doc.set({ a: { c: 2 } }, { merge: true });
      expect((await doc.get()).data()).toEqual({ a: { b: 1, c: 2 }, d: 3 });
    });

    it('takes only the named fields of a set with mergeFields', async () => {
      await doc.set({ a: 1, b: 2 });
      await doc.set({ a: 10, b: 20, c: 30 }, { mergeFields: ['a', 'c'] });
      expect((await doc.get()).data()).toEqual({ a: 10, b: 2, c: 30 });
    });

    it('is updated when its last update time is the expected one', async () => {
      const { writeTime } = await doc.set({ a: 1 });
      await doc.update({ a: 2 }, { lastUpdateTime: writeTime });
      expect((await doc.get()).data()).toEqual({ a: 2 });
    });

    it('is not updated over a stale update time: FAILED_PRECONDITION', async () => {
      const { writeTime } = await doc.set({ a: 1 });
      await doc.set({ a: 2 });
      await expect(doc.update({ a: 3 }, { lastUpdateTime: writeTime })).rejects.toMatchObject({ code: 9 });
      expect((await doc.get()).data()).toEqual({ a: 2 });
    });

    it('must exist for a delete that asks for it: NOT_FOUND', async () => {
      await expect(doc.delete({ exists: true })).rejects.toMatchObject({ code: 5 });
    });

    it('may be deleted again', async () => {
      await doc.set({ a: 1 });
      await doc.delete();
      await doc.delete();
      expect((await doc.get()).exists).toBe(false);
    });

    it('keeps its update time when a write changes nothing', async () => {
      const first = await doc.set({ a: 1, b: { c: [1] } });
      const second = await doc.set({ a: 1, b: { c: [1] } });
      expect(second.writeTime.isEqual(first.writeTime)).toBe(true);
      expect((await doc.get()).updateTime?.isEqual(first.writeTime)).toBe(true);
    });

    it('is read as it was at an earlier time', async () => {
      const { writeTime } = await doc.set({ a: 1 });
      await doc.set({ a: 2 });
      const read = await firestore.db.runTransaction((transaction) => transaction.get(doc), {
        readOnly: true,
        readTime: writeTime,
      });
      expect(read.data()).toEqual({ a: 1 });
    });

    it('gives only the fields of a mask', async () => {
      await doc.set({ a: 1, b: { c: 2, d: 3 } });
      const [snapshot] = await firestore.db.getAll(doc, { fieldMask: ['b.c'] });
      expect(snapshot?.data()).toEqual({ b: { c: 2 } });
    });
  });

  describe('a transform', () => {
    it('increments an integer, then a double by merge', async () => {
      await doc.set({ n: 4 });
      await doc.update({ n: FieldValue.increment(1) });
      await doc.set({ n: FieldValue.increment(0.5) }, { merge: true });
      expect((await doc.get()).data()).toEqual({ n: 5.5 });
    });

    it('sets the time of the server, the same in the whole commit and in milliseconds', async () => {
      const before = Date.now();
      await doc.set({ at: FieldValue.serverTimestamp(), again: FieldValue.serverTimestamp() });
      const data = (await doc.get()).data();
      const at: Timestamp = data?.at;
      expect(Math.abs(at.toMillis() - before)).toBeLessThan(5_000);
      expect(at.isEqual(data?.again)).toBe(true);
      expect(at.nanoseconds % 1_000_000).toBe(0);
    });

    it('adds missing elements to an array and removes them', async () => {
      await doc.set({ list: [1] });
      await doc.update({ list: FieldValue.arrayUnion(1, 2) });
      await doc.update({ list: FieldValue.arrayUnion(2, 3) });
      await doc.update({ list: FieldValue.arrayRemove(1) });
      expect((await doc.get()).data()).toEqual({ list: [2, 3] });
    });

    it('removes a field', async () => {
      await doc.set({ a: 1, b: { c: 2, d: 3 } });
      await doc.update({ a: FieldValue.delete(), 'b.c': FieldValue.delete() });
      expect((await doc.get()).data()).toEqual({ b: { d: 3 } });
    });

    it('counts 100 increments at the same time', async () => {
      await doc.set({ n: 0 });
      await Promise.all(Array.from({ length: 100 }, () => doc.update({ n: FieldValue.increment(1) })));
      expect((await doc.get()).data()).toEqual({ n: 100 });
    });
  });
});
