import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredMessage } from '../../../local/pubsub/message.ts';
import { openSqliteStore } from '../../../local/pubsub/sqlite-store.ts';
import type { HoldState, PubsubStore } from '../../../local/pubsub/store.ts';

let dataDir: string;
let store: PubsubStore;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pubsub-store-'));
  store = openSqliteStore(dataDir);
});
afterEach(async () => {
  store.close();
  await rm(dataDir, { recursive: true, force: true });
});

const message: StoredMessage = {
  seq: 7,
  publishedMs: 1_500,
  bytes: 4,
  wire: {
    data: Buffer.from('data'),
    attributes: {},
    orderingKey: '',
    messageId: '7',
    publishTime: { seconds: 1, nanos: 5e8 },
  },
};
const state: HoldState = { acked: false, failures: 2, ageFromMs: 1_500, readyMs: null, voidedLease: 0 };

function loadAgain() {
  store.close();
  store = openSqliteStore(dataDir);
  return store.load();
}

describe('a store', () => {
  it('gives back what was committed, and nothing else', () => {
    store.hold(1, message, () => state);
    store.commit();
    store.hold(2, message, null);
    expect(loadAgain().holds).toEqual(new Map([[1, [{ message, state }]]]));
  });

  it('writes the state as it is when it commits', () => {
    let failures = 0;
    store.hold(1, message, () => ({ ...state, failures }));
    failures = 5;
    store.commit();
    expect(
      loadAgain()
        .holds.get(1)
        ?.map((hold) => hold.state?.failures),
    ).toEqual([5]);
  });

  it('keeps a message until its last owner releases it, over a restart too', () => {
    store.hold(1, message, () => state);
    store.hold(2, message, null);
    store.commit();
    loadAgain();
    store.release(1, message);
    store.commit();
    expect([...loadAgain().holds.keys()]).toEqual([2]);
    store.release(2, message);
    store.commit();
    expect(loadAgain().holds.size).toBe(0);
  });

  it('writes nothing of a commit that fails, and all of it with the next', () => {
    store.save({ kind: 'server', id: 0, nextSeq: 8, starts: 1 });
    store.hold(1, message, () => {
      throw new Error('planted');
    });
    expect(() => store.commit()).toThrow(`Writing to "${join(dataDir, 'pubsub.sqlite')}" failed: planted`);
    store.rehold(1, message, () => state);
    store.commit();
    const loaded = loadAgain();
    expect(loaded.records).toEqual([{ kind: 'server', id: 0, nextSeq: 8, starts: 1 }]);
    expect(loaded.holds).toEqual(new Map([[1, [{ message, state }]]]));
  });

  it('has nothing left of a commit that fails before the process ends', () => {
    store.save({ kind: 'server', id: 0, nextSeq: 8, starts: 1 });
    store.hold(1, message, () => {
      throw new Error('planted');
    });
    expect(() => store.commit()).toThrow('planted');
    expect(loadAgain()).toEqual({ records: [], holds: new Map() });
  });
});
