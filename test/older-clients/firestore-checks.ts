import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

type Sdk = typeof import('@google-cloud/firestore');

export interface FirestoreClient {
  readonly db: Firestore;
  /** The module of the same major: its values are told by their classes. */
  readonly sdk: Pick<Sdk, 'AggregateField' | 'FieldPath' | 'FieldValue' | 'Filter' | 'GeoPoint' | 'Timestamp'>;
  close(): Promise<void>;
}

/** What a program written for any major of the Firestore client relies on. `connect` makes a client of that major. */
export function declareFirestoreChecks(connect: () => FirestoreClient): void {
  let client: FirestoreClient;
  let db: Firestore;
  let collection: CollectionReference;
  beforeAll(() => {
    client = connect();
    db = client.db;
  });
  beforeEach(() => {
    collection = db.collection(`c${db.collection('any').doc().id}`);
  });
  afterAll(() => client.close());

  /** Ten documents d0 … d9. */
  async function tenDocuments(): Promise<void> {
    const batch = db.batch();
    for (let i = 0; i < 10; i += 1) batch.set(collection.doc(`d${i}`), { i, group: i % 3, tags: [`t${i % 2}`] });
    await batch.commit();
  }
  const idsOf = ({ docs }: { readonly docs: readonly { readonly id: string }[] }) => docs.map(({ id }) => id);

  it('reads back every type of value as it was written', async () => {
    const { FieldValue, GeoPoint, Timestamp } = client.sdk;
    const values = {
      nothing: null,
      yes: true,
      integer: 2 ** 40,
      double: 0.5,
      notANumber: Number.NaN,
      text: 'žluťoučký kůň',
      bytes: Buffer.from([0, 1, 255]),
      time: new Timestamp(1_700_000_000, 123_456_000),
      place: new GeoPoint(48.5, -17.25),
      reference: collection.doc('other'),
      vector: FieldValue.vector([1, 2.5]),
      list: [1, 'two', { three: 3 }],
      map: { a: { b: { 'c.d': 1 } } },
    };
    await collection.doc('d').set(values);
    const { reference, vector, ...read } = (await collection.doc('d').get()).data() ?? {};
    const { reference: wantedReference, vector: wantedVector, ...wanted } = values;
    expect(read).toEqual(wanted);
    expect([reference.path, vector.toArray()]).toEqual([wantedReference.path, wantedVector.toArray()]);
  });

  it('creates a document once: a second time is refused with ALREADY_EXISTS', async () => {
    await collection.doc('d').create({ n: 1 });
    await expect(collection.doc('d').create({ n: 2 })).rejects.toMatchObject({ code: 6 });
  });

  it('updates by path and by transform, and is refused with NOT_FOUND where there is no document', async () => {
    const { FieldValue } = client.sdk;
    const doc = collection.doc('d');
    await doc.set({ a: { b: 1, c: 2 }, n: 1, list: ['x'], gone: true });
    await doc.update({
      'a.b': 3,
      n: FieldValue.increment(4),
      list: FieldValue.arrayUnion('y'),
      gone: FieldValue.delete(),
      at: FieldValue.serverTimestamp(),
    });
    const { at, ...data } = (await doc.get()).data() ?? {};
    expect(data).toEqual({ a: { b: 3, c: 2 }, n: 5, list: ['x', 'y'] });
    expect(at).toBeInstanceOf(client.sdk.Timestamp);
    await expect(collection.doc('missing').update({ n: 1 })).rejects.toMatchObject({ code: 5 });
  });

  it('is refused with FAILED_PRECONDITION when the document has changed since', async () => {
    const doc = collection.doc('d');
    const { writeTime } = await doc.set({ n: 1 });
    await doc.set({ n: 2 });
    await expect(doc.update({ n: 3 }, { lastUpdateTime: writeTime })).rejects.toMatchObject({ code: 9 });
  });

  it('writes a batch as a whole or not at all', async () => {
    const batch = db.batch();
    batch.set(collection.doc('first'), { n: 1 });
    batch.update(collection.doc('missing'), { n: 1 });
    await expect(batch.commit()).rejects.toMatchObject({ code: 5 });
    expect((await collection.doc('first').get()).exists).toBe(false);
  });

  it('loses no update of transactions that contend for one document', async () => {
    const doc = collection.doc('counter');
    await doc.set({ n: 0 });
    const increment = () =>
      db.runTransaction(
        async (transaction) => {
          const n: number = (await transaction.get(doc)).get('n');
          transaction.update(doc, { n: n + 1 });
        },
        { maxAttempts: 20 },
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    expect((await doc.get()).get('n')).toBe(8);
  });

  it('queries with filters, order and cursors', async () => {
    await tenDocuments();
    const { Filter, FieldPath } = client.sdk;
    const ordered = collection.orderBy('i');
    const page = await ordered.limit(4).get();
    const found = await Promise.all([
      collection.where('group', '==', 1).orderBy('i', 'desc').limit(2).get(),
      collection.where('tags', 'array-contains', 't1').where('i', '>', 4).get(),
      collection.where(Filter.or(Filter.where('i', '==', 0), Filter.where('i', '>=', 8))).get(),
      collection.where(FieldPath.documentId(), 'in', ['d2', 'd7']).select('i').get(),
      ordered.startAfter(page.docs[3]).limit(3).get(),
      ordered.limitToLast(2).get(),
    ]);
    expect(found.map(idsOf)).toEqual([
      ['d7', 'd4'],
      ['d5', 'd7', 'd9'],
      ['d0', 'd8', 'd9'],
      ['d2', 'd7'],
      ['d4', 'd5', 'd6'],
      ['d8', 'd9'],
    ]);
  });

  it('counts, sums and averages without reading documents', async () => {
    await tenDocuments();
    const { AggregateField } = client.sdk;
    const counted = await collection.where('i', '<', 7).count().get();
    const aggregated = await collection
      .aggregate({ sum: AggregateField.sum('i'), average: AggregateField.average('i') })
      .get();
    expect([counted.data(), aggregated.data()]).toEqual([{ count: 7 }, { sum: 45, average: 4.5 }]);
  });

  it('is told of every change that it listens for', async () => {
    const told: string[] = [];
    let heard = () => {};
    const query = collection.where('on', '==', true);
    const { promise: failure, reject } = Promise.withResolvers<never>();
    const stop = query.onSnapshot((snapshot) => {
      told.push(
        snapshot
          .docChanges()
          .map(({ type, doc }) => `${type} ${doc.id}`)
          .join(),
      );
      heard();
    }, reject);
    const next = (count: number) =>
      Promise.race([
        failure,
        new Promise<void>((resolve) => {
          heard = () => told.length >= count && resolve();
          heard();
        }),
      ]);
    await next(1);
    const doc = collection.doc('d');
    const changes = [() => doc.set({ on: true }), () => doc.set({ on: true, n: 1 }), () => doc.update({ on: false })];
    for (const [index, change] of changes.entries()) {
      await change();
      await next(index + 2);
    }
    stop();
    expect(told).toEqual(['', 'added d', 'modified d', 'removed d']);
  });

  it('writes in bulk and deletes what lies below a document', async () => {
    const writer = db.bulkWriter();
    const refused: number[] = [];
    writer.onWriteError(({ code }) => {
      refused.push(code);
      return false;
    });
    const parent = collection.doc('parent');
    await parent.set({ n: 0 });
    const writes = Array.from({ length: 60 }, (_, n) => writer.create(parent.collection('below').doc(`d${n}`), { n }));
    const repeated = writer.create(parent, { n: 1 }).catch(() => 'refused');
    await writer.close();
    await Promise.all([...writes, repeated]);
    const written = await parent.collection('below').count().get();
    await db.recursiveDelete(parent);
    const left = await parent.collection('below').count().get();
    expect([refused, written.data().count, left.data().count]).toEqual([[6], 60, 0]);
  });

  it('lists collections, documents and a whole collection group', async () => {
    const group = `g${collection.id}`;
    await collection.doc('a').collection(group).doc('x').set({ n: 1 });
    await collection.doc('b').collection(group).doc('y').set({ n: 2 });
    const [missingParents, below, inGroup] = await Promise.all([
      collection.listDocuments(),
      collection.doc('a').listCollections(),
      db.collectionGroup(group).get(),
    ]);
    expect([missingParents.map(({ id }) => id), below.map(({ id }) => id), idsOf(inGroup)]).toEqual([
      ['a', 'b'],
      [group],
      ['x', 'y'],
    ]);
  });
}
