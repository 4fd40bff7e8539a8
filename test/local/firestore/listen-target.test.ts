import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Write } from '../../../local/firestore/check-write.ts';
import { Database } from '../../../local/firestore/database.ts';
import { createTarget, type DocumentNews, type ListenTarget } from '../../../local/firestore/listen-target.ts';
import { MemoryStore } from '../../../local/firestore/memory-store.ts';
import { runQuery } from '../../../local/firestore/run-query.ts';
import type { StructuredQuery } from '../../../local/firestore/structured-query.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const name = 'projects/p/databases/d';

const plain: StructuredQuery = {
  select: null,
  from: [{ collectionId: 'c', allDescendants: false }],
  where: null,
  orderBy: [],
  startAt: null,
  endAt: null,
  offset: 0,
  limit: null,
};
const below5 = { fieldFilter: { field: { fieldPath: 'n' }, op: 'LESS_THAN' as const, value: { integerValue: '5' } } };
const byN = { orderBy: [{ field: { fieldPath: 'n' }, direction: 'DESCENDING' as const }] };

const queries: readonly [string, StructuredQuery][] = [
  ['all documents', plain],
  ['a filter', { ...plain, where: below5 }],
  ['a limit', { ...plain, ...byN, limit: { value: 3 } }],
  ['a filter, an offset and a limit', { ...plain, where: below5, offset: 1, limit: { value: 2 } }],
  ['a cursor', { ...plain, ...byN, startAt: { values: [{ integerValue: '6' }], before: true } }],
];

/** A batch of writes: document id and its number, null for a delete. */
const commit = fc.array(
  fc.record({ id: fc.integer({ min: 0, max: 6 }), n: fc.option(fc.integer({ min: 0, max: 9 })) }),
  { minLength: 1, maxLength: 3 },
);

function toWrite({ id, n }: { readonly id: number; readonly n: number | null }): Write {
  const document = `${name}/documents/c/${id}`;
  return n === null ? { delete: document } : { update: { name: document, fields: { n: { integerValue: String(n) } } } };
}

/** What a client makes of the news: document name to update time. */
function follow(known: Map<string, string>, news: readonly DocumentNews[]): void {
  for (const each of news) {
    if ('documentChange' in each) {
      const { document } = each.documentChange;
      known.set(document.name, JSON.stringify(document.updateTime));
    } else if ('documentDelete' in each) known.delete(each.documentDelete.document);
    else known.delete(each.documentRemove.document);
  }
}

function aDatabase(): Database {
  return new Database({ name, store: new MemoryStore(), clock: createManualClock() });
}

function aTarget(database: Database, structuredQuery: StructuredQuery): ListenTarget {
  const query = { parent: `${name}/documents`, structuredQuery };
  return createTarget(database, { query, targetId: 1, once: false }, 1);
}

/** What a client should know. */
function expected(database: Database, query: StructuredQuery): ReadonlyMap<string, string> {
  const fresh = new Map<string, string>();
  follow(fresh, aTarget(database, query).start(undefined, database.readTime()));
  const { results } = runQuery(database.store, database.plan(query, ''));
  expect([...fresh.keys()]).toEqual(results.map(({ document }) => `${name}/documents/${document.path}`));
  return fresh;
}

describe.each(queries)('a listener on a query with %s', (_title, query) => {
  it('knows after every commit what the query finds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { maxLength: 15 }), async (commits) => {
        const database = aDatabase();
        const target = aTarget(database, query);
        const known = new Map<string, string>();
        follow(known, target.start(undefined, database.readTime()));
        database.onCommit((changes, time) => follow(known, target.follow(changes, time)));
        for (const writes of commits) {
          await database.commit(writes.map(toWrite));
          expect(known).toEqual(new Map(expected(database, query)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('that resumes is told exactly what it takes to catch up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { maxLength: 8 }),
        fc.array(commit, { maxLength: 8 }),
        async (before, after) => {
          const database = aDatabase();
          for (const writes of before) await database.commit(writes.map(toWrite));
          const known = new Map(expected(database, query));
          const since = database.readTime();
          for (const writes of after) await database.commit(writes.map(toWrite));
          follow(known, aTarget(database, query).start(since, database.readTime()));
          expect(known).toEqual(new Map(expected(database, query)));
        },
      ),
      { numRuns: 40 },
    );
  });
});
