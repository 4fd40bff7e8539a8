import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../local/firestore/memory-store.ts';
import { planQuery } from '../../../local/firestore/query-plan.ts';
import { runQuery } from '../../../local/firestore/run-query.ts';
import type { Value } from '../../../local/firestore/value.ts';

const database = 'projects/p/databases/d';

function write(store: MemoryStore, time: number, path: string, n: number | null): void {
  const fields = n === null ? null : { n: { integerValue: String(n) } };
  store.commit(time, new Map([[path, { fields, isNew: false }]]));
}

function valueAt(store: MemoryStore, path: string, at?: number): string | undefined {
  return store.get(path, at)?.fields.n?.integerValue;
}

describe('the store', () => {
  it('reads each version from its commit until the next one', () => {
    const store = new MemoryStore();
    write(store, 10, 'c/d', 1);
    write(store, 20, 'c/d', 2);
    write(store, 30, 'c/d', null);
    write(store, 40, 'c/d', 4);
    const read = [9, 10, 19, 20, 29, 30, 39, 40, undefined].map((at) => valueAt(store, 'c/d', at));
    expect(read).toEqual([undefined, '1', '1', '2', '2', undefined, undefined, '4', '4']);
  });

  it('reports what a commit changed and leaves out what stayed as it was', () => {
    const store = new MemoryStore();
    write(store, 10, 'c/same', 1);
    const one = { n: { integerValue: '1' } };
    const changes = store.commit(
      20,
      new Map([
        ['c/same', { fields: one, isNew: false }],
        ['c/new', { fields: one, isNew: false }],
        ['c/never', { fields: null, isNew: false }],
      ]),
    );
    expect(changes.map(({ path }) => path)).toEqual(['c/new']);
    expect(store.get('c/same')?.updateTime).toBe(10);
  });

  it('gives a document that was deleted and written again a new create time', () => {
    const store = new MemoryStore();
    write(store, 10, 'c/d', 1);
    write(store, 20, 'c/d', null);
    write(store, 30, 'c/d', 1);
    expect(store.get('c/d')).toMatchObject({ createTime: 30, updateTime: 30 });
  });

  it('forgets versions that are older than its retention, and says since when it can be read', () => {
    const store = new MemoryStore({ retentionMicros: 100, maxVersions: 1_000 });
    write(store, 10, 'c/d', 1);
    write(store, 20, 'c/d', 2);
    write(store, 119, 'c/other', 0);
    expect(store.oldestReadable).toBe(10);
    expect(valueAt(store, 'c/d', 15)).toBe('1');
    write(store, 120, 'c/other', 1);
    expect(store.oldestReadable).toBe(20);
    expect(valueAt(store, 'c/d', 20)).toBe('2');
  });

  it('forgets the oldest versions beyond its number, and deleted documents with them', () => {
    const store = new MemoryStore({ retentionMicros: 1e12, maxVersions: 2 });
    write(store, 10, 'c/d', 1);
    write(store, 20, 'c/d', null);
    write(store, 30, 'e/f', 1);
    write(store, 40, 'e/f', 2);
    expect(store.oldestReadable).toBe(20);
    expect([...store.collectionPaths()]).toEqual(['e']);
    expect([...store.groupPaths('c')]).toEqual([]);
  });
});

describe('a query for equal values', () => {
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom<Value>(
      { integerValue: '1' },
      { doubleValue: 1 },
      { doubleValue: -0 },
      { integerValue: '0' },
      { doubleValue: Number.NaN },
      { integerValue: '9223372036854774784' },
      { doubleValue: 2 ** 63 - 1024 },
      { stringValue: '1' },
      { nullValue: 'NULL_VALUE' },
      { booleanValue: true },
      { arrayValue: { values: [{ integerValue: '1' }] } },
      { mapValue: { fields: {} } },
    ),
  );
  const step = fc.record({ id: fc.integer({ min: 0, max: 60 }), value: fc.option(value) });

  it('finds by its index what reading all documents finds, whatever was written before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), value, (steps, wanted) => {
        const store = new MemoryStore();
        const where = { fieldFilter: { field: { fieldPath: 'v' }, op: 'EQUAL' as const, value: wanted } };
        const from = [{ collectionId: 'c', allDescendants: false }];
        const rest = { select: null, orderBy: [], startAt: null, endAt: null, offset: 0, limit: null };
        const plan = planQuery({ ...rest, from, where }, database, '');
        for (const [index, { id, value: written }] of steps.entries()) {
          const fields = written === null ? null : { v: written };
          store.commit(index + 1, new Map([[`c/${id}`, { fields, isNew: false }]]));
          runQuery(store, plan);
        }
        const found = runQuery(store, plan).results.map(({ document }) => document.path);
        const expected = [...store.collection('c')].filter(plan.filter.matches).map(({ path }) => path);
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 50 },
    );
  });
});
