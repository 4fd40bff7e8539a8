import { FieldValue, type Firestore, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { describe, expect, it } from '@jest/globals';
import { allDocuments, useFirestoreWithData } from '../../support/firestore-with-data.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const firestore = useFirestoreWithData();
const otherDatabase = 'projects/q/databases/second';

const everyType = {
  nothing: null,
  yes: true,
  no: false,
  zero: 0,
  minusZero: -0,
  integer: Number.MAX_SAFE_INTEGER,
  fraction: 0.1,
  noNumber: Number.NaN,
  infinite: Number.NEGATIVE_INFINITY,
  empty: '',
  text: 'a\0b ü 😀 \u2028',
  bytes: Buffer.from([0, 1, 254, 255]),
  noBytes: Buffer.alloc(0),
  time: Timestamp.fromMillis(1_700_000_000_123),
  early: new Timestamp(-62_135_596_800, 0),
  place: new GeoPoint(-90, 180),
  vector: FieldValue.vector([1, 2.5, -3]),
  list: [1, 'two', { three: [3] }, null],
  noList: [],
  noMap: {},
  map: { 'a.b': { '`': { deep: [{}] } }, ü: 1 },
};

describe('a server that starts again on the same folder', () => {
  it.each<[string, number, (db: Firestore) => Promise<unknown>]>([
    ['values of every type', 1, (db) => db.doc('c/d').set({ ...everyType, self: db.doc('c/d') })],
    ['a document without fields', 1, (db) => db.doc('c/empty').set({})],
    ['a document of a megabyte', 1, (db) => db.doc('c/big').set({ text: 'x'.repeat(1_000_000) })],
    [
      'ids with any character',
      4,
      (db) => Promise.all(['ü😀', 'a\0b', "'; --", 'a b'].map((id) => db.doc(`c ${id}/${id}`).set({}))),
    ],
    [
      'documents below others, and below documents that are missing',
      3,
      async (db) => {
        await db.doc('c/d').set({ n: 1 });
        await db.doc('c/d/sub/x').set({ n: 2 });
        await db.doc('c/missing/sub/y/deep/z').set({ n: 3 });
      },
    ],
    [
      'what transforms made',
      1,
      async (db) => {
        await db.doc('c/d').set({ n: FieldValue.increment(2), at: FieldValue.serverTimestamp() });
        await db.doc('c/d').update({ n: FieldValue.increment(0.5), list: FieldValue.arrayUnion(1, 2) });
      },
    ],
    [
      'create and update times of a changed document',
      1,
      async (db) => {
        await db.doc('c/d').create({ n: 1 });
        await db.doc('c/d').update({ n: 2 });
      },
    ],
    [
      'the newer create time of a document that was deleted and written again',
      1,
      async (db) => {
        await db.doc('c/d').create({ n: 1 });
        await db.doc('c/d').delete();
        await db.doc('c/d').create({ n: 1 });
      },
    ],
    [
      'nothing of deleted documents',
      1,
      async (db) => {
        await Promise.all(['a', 'b', 'c'].map((id) => db.doc(`c/${id}`).set({ id })));
        await db.batch().delete(db.doc('c/a')).delete(db.doc('c/b')).commit();
      },
    ],
    [
      'nothing of a batch that failed',
      1,
      async (db) => {
        await db.doc('c/d').set({ n: 1 });
        const batch = db.batch().set(db.doc('c/d'), { n: 2 }).update(db.doc('c/none'), { n: 2 });
        await expect(batch.commit()).rejects.toMatchObject({ code: 5 });
      },
    ],
    [
      'what a transaction wrote',
      2,
      (db) =>
        db.runTransaction(async (transaction) => {
          await transaction.get(db.doc('c/d'));
          transaction.set(db.doc('c/d'), { n: 1 }).set(db.doc('c/e'), { n: 1 });
        }),
    ],
    [
      'the writes of a bulk writer',
      200,
      async (db) => {
        const writer = db.bulkWriter();
        for (let n = 0; n < 200; n++) void writer.set(db.doc(`c/d${n}`), { n });
        await writer.close();
      },
    ],
  ])('has %s as before, and the next time too', async (_title, count, write) => {
    await firestore.start();
    await write(firestore.connect());
    const before = await allDocuments(firestore.connectRaw());
    expect(before).toHaveLength(count);
    await firestore.restart();
    expect(await allDocuments(firestore.connectRaw())).toEqual(before);
    await firestore.restart();
    expect(await allDocuments(firestore.connectRaw())).toEqual(before);
  });

  it('keeps the documents of each database apart', async () => {
    await firestore.start();
    await firestore.connect().doc('c/d').set({ of: 'first' });
    await firestore.connect({ projectId: 'q', databaseId: 'second' }).doc('c/d').set({ of: 'second' });
    const [first, second] = await Promise.all([
      allDocuments(firestore.connectRaw()),
      allDocuments(firestore.connectRaw(), otherDatabase),
    ]);
    await firestore.restart();
    expect(await allDocuments(firestore.connectRaw())).toEqual(first);
    expect(await allDocuments(firestore.connectRaw(), otherDatabase)).toEqual(second);
    expect([first, second]).toMatchObject([[{ fields: { of: {} } }], [{ name: `${otherDatabase}/documents/c/d` }]]);
  });

  it('finds by queries, counts and collection groups what was there', async () => {
    await firestore.start();
    const db = firestore.connect();
    await Promise.all(Array.from({ length: 60 }, (_value, n) => db.doc(`a/p${n % 3}/g/d${n}`).set({ n, m: n % 4 })));
    await firestore.restart();
    const group = firestore.connect().collectionGroup('g');
    const found = await group.where('m', '==', 1).orderBy('n', 'desc').limit(2).get();
    expect(found.docs.map((each) => each.ref.path)).toEqual(['a/p0/g/d57', 'a/p2/g/d53']);
    expect((await group.count().get()).data()).toEqual({ count: 60 });
    expect((await firestore.connect().doc('a/p1').listCollections()).map(({ id }) => id)).toEqual(['g']);
  });

  it('goes on with documents as they are: preconditions, changes, deletes', async () => {
    await firestore.start();
    await firestore.connect().doc('c/d').create({ n: 1 });
    const created = await firestore.connect().doc('c/d').get();
    await firestore.restart();
    const doc = firestore.connect().doc('c/d');
    await expect(doc.create({})).rejects.toMatchObject({ code: 6 });
    await doc.update({ n: FieldValue.increment(1) }, { lastUpdateTime: created.updateTime as Timestamp });
    await firestore.restart();
    const changed = await firestore.connect().doc('c/d').get();
    expect([changed.data(), changed.createTime]).toEqual([{ n: 2 }, created.createTime]);
    await firestore.connect().doc('c/d').delete();
    await firestore.restart();
    expect(await allDocuments(firestore.connectRaw())).toEqual([]);
  });

  it('gives later times than before although the clock was set back, after a delete as well', async () => {
    const clock = createManualClock();
    await firestore.start({ clock });
    await firestore.connect().doc('c/d').set({});
    const { writeTime: deleted } = await firestore.connect().doc('c/d').delete();
    await firestore.restart({ clock: createManualClock(clock.now() - 3_600_000) });
    const { writeTime: written } = await firestore.connect().doc('c/d').set({});
    expect(written.valueOf() > deleted.valueOf()).toBe(true);
  });

  it('deletes what expires for good', async () => {
    const clock = createManualClock();
    const options = { clock, ttlPolicies: [{ collectionId: 'c', fieldPath: 'expireAt' }] };
    await firestore.start(options);
    await firestore
      .connect()
      .doc('c/due')
      .set({ expireAt: Timestamp.fromMillis(clock.now()) });
    await firestore.connect().doc('c/stays').set({});
    await firestore.restart(options);
    clock.advance(60_000);
    await firestore.restart(options);
    expect(await allDocuments(firestore.connectRaw())).toMatchObject([{ name: expect.stringMatching('c/stays$') }]);
  });

  it('has no older versions: reading at an earlier time is refused with FAILED_PRECONDITION', async () => {
    await firestore.start();
    const { writeTime: first } = await firestore.connect().doc('c/d').set({ n: 1 });
    const { writeTime: last } = await firestore.connect().doc('c/d').set({ n: 2 });
    await firestore.restart();
    const db = firestore.connect();
    const readAt = (readTime: Timestamp) =>
      db.runTransaction((transaction) => transaction.get(db.doc('c/d')), { readOnly: true, readTime });
    expect((await readAt(last)).data()).toEqual({ n: 2 });
    await expect(readAt(first)).rejects.toMatchObject({ code: 9 });
  });
});

describe('a client that lives on while the server starts again', () => {
  it('has its transaction run again: none goes on after a restart', async () => {
    await firestore.start();
    const db = firestore.connect();
    await db.doc('c/d').set({ n: 1 });
    const seen: unknown[] = [];
    await db.runTransaction(async (transaction) => {
      const { n } = (await transaction.get(db.doc('c/d'))).data() ?? {};
      if (seen.push(n) === 1) {
        await firestore.restartUnderClients();
        await firestore.connect().doc('c/d').set({ n: 10 });
      }
      transaction.set(db.doc('c/d'), { n: n + 1 });
    });
    expect(seen).toEqual([1, 10]);
    expect((await db.doc('c/d').get()).data()).toEqual({ n: 11 });
  });

  it('is told by its listener of all that changed meanwhile, deletes too', async () => {
    await firestore.start();
    const collection = firestore.connect().collection('c');
    await Promise.all(['a', 'b'].map((id) => collection.doc(id).set({ n: 1 })));
    const first = Promise.withResolvers<void>();
    const last = Promise.withResolvers<void>();
    const states: string[] = [];
    const stop = collection.onSnapshot((snapshot) => {
      states.push(snapshot.docs.map((each) => `${each.id}${each.data().n}`).join(' '));
      first.resolve();
      if (states.at(-1) === 'b2 c1') last.resolve();
    });
    await first.promise;
    await firestore.restartUnderClients();
    const db = firestore.connect();
    await db.batch().delete(db.doc('c/a')).set(db.doc('c/b'), { n: 2 }).set(db.doc('c/c'), { n: 1 }).commit();
    await last.promise;
    stop();
    expect([states[0], states.at(-1)]).toEqual(['a1 b1', 'b2 c1']);
  });
});
