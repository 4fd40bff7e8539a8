import { Firestore, Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import type { RunningServer } from '../../../local/grpc-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const clock = createManualClock();
let server: RunningServer;
let db: Firestore;

beforeAll(async () => {
  const ttlPolicies = [{ collectionId: 'records', fieldPath: 'expireAt' }];
  server = await startFirestoreServer({ clock, ttlPolicies });
  db = new Firestore({ projectId: 'p', host: `127.0.0.1:${server.port}`, ssl: false });
});
afterAll(async () => {
  await db.terminate();
  await server.close();
});

describe('a time-to-live policy', () => {
  it('deletes documents of its collection group whose time has come, and nothing else', async () => {
    const expireAt = Timestamp.fromMillis(clock.now() + 60_000);
    const later = Timestamp.fromMillis(clock.now() + 60_001);
    const records = db.collection('parents/p/records');
    await Promise.all([
      records.doc('due').set({ expireAt }),
      records.doc('later').set({ expireAt: later }),
      records.doc('text').set({ expireAt: 'never' }),
      records.doc('none').set({}),
      db.doc('others/due').set({ expireAt }),
    ]);
    const due = Promise.withResolvers<void>();
    const stop = records.doc('due').onSnapshot((snapshot) => {
      if (snapshot.exists) clock.advance(60_000);
      else due.resolve();
    }, due.reject);
    await due.promise;
    stop();
    const left = await records.get();
    expect(left.docs.map((each) => each.id)).toEqual(['later', 'none', 'text']);
    expect((await db.doc('others/due').get()).exists).toBe(true);
  });

  it('leaves a document that got more time while its deletion waited for a transaction', async () => {
    const record = db.doc('records/prolonged');
    await record.set({ expireAt: Timestamp.fromMillis(clock.now() + 60_000) });
    const more = Timestamp.fromMillis(clock.now() + 3_600_000);
    await db.runTransaction(async (transaction) => {
      await transaction.get(record);
      clock.advance(60_000);
      transaction.update(record, { expireAt: more });
    });
    // Its turn comes after the deletion's; it is refused for a document that is gone.
    await record.update({ updated: true });
    expect((await record.get()).data()).toEqual({ expireAt: more, updated: true });
  });
});
