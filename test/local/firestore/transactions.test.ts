import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Write } from '../../../local/firestore/check-write.ts';
import { Database } from '../../../local/firestore/database.ts';
import { MemoryStore } from '../../../local/firestore/memory-store.ts';
import type { Transaction } from '../../../local/firestore/transactions.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const name = 'projects/p/databases/d';
let clock: ManualClock;
let database: Database;

beforeEach(async () => {
  clock = createManualClock();
  database = new Database({ name, store: new MemoryStore(), clock });
  await database.commit([set(0)]);
});

function set(n: number): Write {
  return { update: { name: `${name}/documents/c/d`, fields: { n: { integerValue: String(n) } } } };
}

function begin(): Transaction {
  return database.begin({ readWrite: {} });
}

function read(transaction: Transaction): Promise<unknown> {
  return transaction.during(() => database.readLocked(transaction, ['c/d']));
}

function stored(): string | undefined {
  return database.store.get('c/d')?.fields.n?.integerValue;
}

describe('a transaction', () => {
  it('expires after 60 s without a request, in the words that clients take for a reason to start again', async () => {
    const transaction = begin();
    await read(transaction);
    clock.advance(60_000);
    expect(database.transaction(transaction.id)).toBe(transaction);
    clock.advance(1);
    await expect(database.commit([set(1)], transaction.id)).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining('transaction has expired'),
    });
    expect(stored()).toBe('0');
  });

  it('expires after 270 s however busy it is', async () => {
    const transaction = begin();
    for (let seconds = 0; seconds < 270; seconds += 30) {
      await read(transaction);
      clock.advance(30_000);
    }
    expect(database.transaction(transaction.id)).toBe(transaction);
    clock.advance(1);
    expect(() => database.transaction(transaction.id)).toThrow('transaction has expired');
  });

  it('of a client that died gives way to a writer after a few seconds, and can then not commit', async () => {
    const transaction = begin();
    await read(transaction);
    const writing = database.commit([set(1)]);
    clock.advance(2_999);
    expect(stored()).toBe('0');
    clock.advance(1_001);
    await writing;
    expect(stored()).toBe('1');
    await expect(database.commit([set(2)], transaction.id)).rejects.toMatchObject({ code: 10 });
    expect(stored()).toBe('1');
  });

  it('cannot be used after its commit', async () => {
    const transaction = begin();
    await database.commit([set(1)], transaction.id);
    await expect(database.commit([set(2)], transaction.id)).rejects.toMatchObject({ code: 3 });
    expect(stored()).toBe('1');
  });

  it('that fails to commit holds no lock any more', async () => {
    const transaction = begin();
    await read(transaction);
    const mustNotExist = { ...set(1), currentDocument: { exists: false } };
    await expect(database.commit([mustNotExist], transaction.id)).rejects.toMatchObject({ code: 6 });
    await database.commit([set(2)]);
    expect(stored()).toBe('2');
  });

  it('may be rolled back twice', async () => {
    const transaction = begin();
    await read(transaction);
    database.rollback(transaction.id);
    database.rollback(transaction.id);
    await database.commit([set(1)]);
    expect(stored()).toBe('1');
  });

  it('that is rolled back while it waits for several documents waits for none of them any more', async () => {
    const holder = begin();
    await holder.during(() => database.readLocked(holder, ['c/d', 'c/e']));
    const waiting = begin();
    const reads = ['c/d', 'c/e'].map((path) => waiting.during(() => database.readLocked(waiting, [path])));
    const refused = reads.map((each) => expect(each).rejects.toThrow());
    await Promise.resolve();
    database.rollback(waiting.id);
    await Promise.all(refused);
    await database.commit([set(1)], holder.id);
    expect(stored()).toBe('1');
  });

  it('that is read-only writes nothing', async () => {
    const transaction = database.begin({ readOnly: {} });
    await expect(database.commit([set(1)], transaction.id)).rejects.toMatchObject({ code: 3 });
    expect(stored()).toBe('0');
  });

  it('keeps its age when it is started again, and a new one is younger', () => {
    const first = begin();
    const second = begin();
    const again = database.begin({ readWrite: { retryTransaction: first.id } });
    expect(again.age).toBe(first.age);
    expect(second.age).toBeGreaterThan(first.age);
  });

  it('reads at a time of the last hour, but not of before or of the future', () => {
    const at = (ms: number) => ({ readOnly: { readTime: { seconds: String(ms / 1000), nanos: 0 } } });
    const now = clock.now();
    clock.advance(3_600_000);
    expect(database.begin(at(now)).readTime).toBe(now * 1000);
    expect(() => database.begin(at(now - 1_000))).toThrow('too old');
    expect(() => database.begin(at(now + 3_601_000))).toThrow('in the future');
  });
});
