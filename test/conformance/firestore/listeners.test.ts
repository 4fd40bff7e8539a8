import type { CollectionReference, DocumentReference, Query, QuerySnapshot } from '@google-cloud/firestore';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start }) => {
  let firestore: FirestoreUnderTest;
  let collection: CollectionReference;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  beforeEach(() => {
    collection = firestore.db.collection(firestore.freshId());
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  afterAll(() => firestore.close());

  /** Ends the listeners of a test; a client with listeners cannot be closed. */
  const stops: (() => void)[] = [];

  /** Collects what a listener is told; `next` waits for the first event that was not taken yet. */
  function listen<Event>(subscribe: (next: (event: Event) => void, fail: (error: Error) => void) => () => void) {
    const events: Event[] = [];
    const waiting: { readonly resolve: (event: Event) => void; readonly reject: (error: Error) => void }[] = [];
    const stop = subscribe(
      (event) => {
        const first = waiting.shift();
        if (first === undefined) events.push(event);
        else first.resolve(event);
      },
      (error) => waiting.shift()?.reject(error),
    );
    stops.push(stop);
    return {
      next: () => {
        const event = events.shift();
        if (event !== undefined) return Promise.resolve(event);
        const { promise, resolve, reject } = Promise.withResolvers<Event>();
        waiting.push({ resolve, reject });
        return promise;
      },
    };
  }

  function listenToDocument(ref: DocumentReference) {
    return listen<unknown>((next, fail) => ref.onSnapshot((snapshot) => next(snapshot.data() ?? 'none'), fail));
  }

  function changesOf(snapshot: QuerySnapshot): string {
    return snapshot
      .docChanges()
      .map((change) => `${change.type} ${change.doc.id}`)
      .join(', ');
  }

  function listenToQuery(query: Query) {
    return listen<string>((next, fail) => query.onSnapshot((snapshot) => next(changesOf(snapshot)), fail));
  }

  describe('a listener on a document', () => {
    it('is told that it is absent, then each state, then that it is gone', async () => {
      const doc = collection.doc('d');
      const listener = listenToDocument(doc);
      expect(await listener.next()).toBe('none');
      await doc.set({ n: 1 });
      expect(await listener.next()).toEqual({ n: 1 });
      await doc.set({ n: 2 });
      expect(await listener.next()).toEqual({ n: 2 });
      await doc.delete();
      expect(await listener.next()).toBe('none');
    });

    it('is told the present state first', async () => {
      const doc = collection.doc('d');
      await doc.set({ n: 7 });
      const listener = listenToDocument(doc);
      expect(await listener.next()).toEqual({ n: 7 });
    });

    it('is told every one of many quick changes, in order', async () => {
      const doc = collection.doc('d');
      const listener = listenToDocument(doc);
      expect(await listener.next()).toBe('none');
      const states = Array.from({ length: 50 }, (_value, n) => ({ n }));
      for (const state of states) await doc.set(state);
      const told: unknown[] = [];
      for (const _state of states) told.push(await listener.next());
      expect(told).toEqual(states);
    });

    it('is told once of a commit that writes the document twice', async () => {
      const doc = collection.doc('d');
      const listener = listenToDocument(doc);
      await listener.next();
      await firestore.db.batch().set(doc, { n: 1 }).update(doc, { n: 2 }).commit();
      expect(await listener.next()).toEqual({ n: 2 });
      await doc.set({ n: 3 });
      expect(await listener.next()).toEqual({ n: 3 });
    });

    it('misses nothing when it starts while the document is written', async () => {
      const doc = collection.doc('d');
      const writing = (async () => {
        for (let n = 0; n <= 20; n++) await doc.set({ n });
      })();
      const reached20 = Array.from({ length: 5 }, () => {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        stops.push(
          doc.onSnapshot((snapshot) => {
            if (snapshot.data()?.n === 20) resolve();
          }, reject),
        );
        return promise;
      });
      await writing;
      expect(await Promise.all(reached20)).toHaveLength(5);
    });
  });

  describe('a listener on a query', () => {
    it('is told of what enters, changes and leaves, each in its own snapshot', async () => {
      const listener = listenToQuery(collection.where('open', '==', true));
      expect(await listener.next()).toBe('');
      await collection.doc('a').set({ open: true, n: 1 });
      expect(await listener.next()).toBe('added a');
      await collection.doc('b').set({ open: true, n: 1 });
      expect(await listener.next()).toBe('added b');
      await collection.doc('a').update({ n: 2 });
      expect(await listener.next()).toBe('modified a');
      await collection.doc('a').update({ open: false });
      expect(await listener.next()).toBe('removed a');
      await collection.doc('b').delete();
      expect(await listener.next()).toBe('removed b');
    });

    it('is told all changes of a batch in one snapshot', async () => {
      await collection.doc('a').set({ n: 1 });
      const listener = listenToQuery(collection.orderBy('n'));
      expect(await listener.next()).toBe('added a');
      await firestore.db
        .batch()
        .delete(collection.doc('a'))
        .set(collection.doc('b'), { n: 2 })
        .set(collection.doc('c'), { n: 3 })
        .commit();
      expect(await listener.next()).toBe('removed a, added b, added c');
    });

    it('with a limit is told of the document that moves up when another one leaves', async () => {
      await Promise.all([1, 2, 3].map((n) => collection.doc(`d${n}`).set({ n })));
      const listener = listenToQuery(collection.orderBy('n').limit(2));
      expect(await listener.next()).toBe('added d1, added d2');
      await collection.doc('d1').delete();
      expect(await listener.next()).toBe('removed d1, added d3');
      await collection.doc('d0').set({ n: 0 });
      expect(await listener.next()).toBe('removed d3, added d0');
    });

    it('limited to the last follows the end', async () => {
      await Promise.all([1, 2, 3].map((n) => collection.doc(`d${n}`).set({ n })));
      const listener = listenToQuery(collection.orderBy('n').limitToLast(1));
      expect(await listener.next()).toBe('added d3');
      await collection.doc('d4').set({ n: 4 });
      expect(await listener.next()).toBe('removed d3, added d4');
    });

    it('on a collection group follows all parents', async () => {
      const group = firestore.freshId();
      const listener = listenToQuery(firestore.db.collectionGroup(group));
      expect(await listener.next()).toBe('');
      await collection.doc('p').collection(group).doc('x').set({});
      expect(await listener.next()).toBe('added x');
    });
  });
});
