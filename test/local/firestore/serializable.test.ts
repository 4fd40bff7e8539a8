import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '../../../local/firestore/database.ts';
import { MemoryStore } from '../../../local/firestore/memory-store.ts';
import { GrpcStatusError } from '../../../local/grpc-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const name = 'projects/p/databases/d';
const aborted = 10;

function numberAt(database: Database, path: string): number {
  return Number(database.store.get(path)?.fields.n?.integerValue ?? 0);
}

function setNumber(path: string, n: number) {
  return { update: { name: `${name}/documents/${path}`, fields: { n: { integerValue: String(n) } } } };
}

/** One transaction: reads the documents one by one in the order given, then writes each of them increased by one. */
async function incrementAll(database: Database, paths: readonly string[], pauses: number): Promise<void> {
  let retryTransaction: Uint8Array | undefined;
  for (;;) {
    const transaction = database.begin({ readWrite: retryTransaction ? { retryTransaction } : {} });
    retryTransaction = transaction.id;
    try {
      const writes = [];
      for (const path of paths) {
        const [document] = await transaction.during(() => database.readLocked(transaction, [path]));
        writes.push(setNumber(path, Number(document?.fields.n?.integerValue ?? 0) + 1));
        for (let pause = 0; pause < pauses; pause++) await Promise.resolve();
      }
      await database.commit(writes, transaction.id);
      return;
    } catch (error) {
      database.rollback(transaction.id);
      if (!(error instanceof GrpcStatusError) || error.code !== aborted) throw error;
    }
  }
}

describe('transactions that interleave in any way', () => {
  const path = fc.constantFrom('c/a', 'c/b', 'c/c', 'd/a');
  const work = fc.record({
    paths: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
    pauses: fc.integer({ min: 0, max: 5 }),
  });

  it('all succeed in the end and none of their updates is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 2, maxLength: 12 }), async (works) => {
        const database = new Database({ name, store: new MemoryStore(), clock: createManualClock() });
        await Promise.all(works.map(({ paths, pauses }) => incrementAll(database, paths, pauses)));
        const expected = new Map<string, number>();
        for (const each of works.flatMap(({ paths }) => paths)) expected.set(each, (expected.get(each) ?? 0) + 1);
        const found = new Map([...expected.keys()].map((each) => [each, numberAt(database, each)]));
        expect(found).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
