import { describe, expect, it } from '@jest/globals';
import type { SessionRecord, WaitingTurn } from '../../execution/records.ts';
import { declaredIndexes } from '../../local/declared-indexes.ts';
import { startFirestoreServer } from '../../local/firestore/server.ts';
import { aSession, t0 } from '../support/records.ts';
import { openRecordsStore, type RecordsStore } from '../support/records-store.ts';

interface Waiting {
  readonly tenantId: string;
  readonly count: number;
  readonly fields?: Partial<WaitingTurn>;
}

/** Stores sessions that wait for capacity, those of a tenant in the order of the groups; then runs `use`. */
async function withWaiting(groups: readonly Waiting[], use: (store: RecordsStore) => Promise<void>) {
  const server = await startFirestoreServer({ indexes: declaredIndexes });
  const store = openRecordsStore(server);
  const all = groups.flatMap(({ tenantId, count, fields }, group) =>
    Array.from({ length: count }, (_, n): SessionRecord => {
      const executionId = `${tenantId}-${group}-${String(n).padStart(4, '0')}`;
      const rankAt = t0 + group * 10_000 + n;
      const waiting = { executionId, tenantId, priority: 0, sinceAt: t0, rankAt, retryAt: t0, ...fields };
      return aSession({ sessionId: `s-${executionId}`, tenantId, active: executionId, waiting });
    }),
  );
  try {
    await Promise.all(
      all.map((session) => store.store.transact({ sessionId: session.sessionId }, () => ({ writes: { session } }))),
    );
    await use(store);
  } finally {
    await store.firestore.terminate();
    await server.close();
  }
}

const mayHaveTurn = ({ cancelReason }: WaitingTurn) => cancelReason === undefined;
/** How many that may have a turn are seen of each tenant. */
async function seen({ capacity }: RecordsStore) {
  const turns = (await capacity.findWaiting(mayHaveTurn)).flatMap(({ waiting }) => (waiting ? [waiting] : []));
  expect(new Set(turns.map(({ executionId }) => executionId)).size).toBe(turns.length);
  const byTenant = Map.groupBy(turns.filter(mayHaveTurn), ({ tenantId }) => tenantId);
  return Object.fromEntries([...byTenant].map(([tenantId, its]) => [tenantId, its.length]));
}
const over = { cancelReason: 'enough' };

describe('a round', () => {
  it.each<[string, readonly Waiting[], Readonly<Record<string, number>>]>([
    [
      'one whose first turn is the last of a page that a noisy one fills',
      [
        { tenantId: 'a', count: 99 },
        { tenantId: 'b', count: 1, fields: over },
        { tenantId: 'b', count: 1 },
        { tenantId: 'c', count: 1 },
      ],
      { a: 99, b: 1, c: 1 },
    ],
    [
      'one that begins just behind a full page',
      [
        { tenantId: 'a', count: 100 },
        { tenantId: 'b', count: 2 },
      ],
      { a: 100, b: 2 },
    ],
    [
      'as many of one that begins at the end of a page as of any other',
      [
        { tenantId: 'a', count: 99 },
        { tenantId: 'b', count: 150 },
        { tenantId: 'c', count: 1 },
      ],
      { a: 99, b: 101, c: 1 },
    ],
    [
      'one whose first page is of turns that are over',
      [
        { tenantId: 'a', count: 250, fields: over },
        { tenantId: 'a', count: 3 },
        { tenantId: 'b', count: 1 },
      ],
      { a: 3, b: 1 },
    ],
    [
      'no more of a noisy one than needed',
      [
        { tenantId: 'a', count: 350 },
        { tenantId: 'b', count: 1 },
      ],
      { a: 100, b: 1 },
    ],
  ])(
    'sees %s',
    async (_what, groups, expected) => {
      await withWaiting(groups, async (store) => expect(await seen(store)).toEqual(expected));
    },
    60_000,
  );

  it('reads a bounded number of turns that are over, and goes on to the next tenant', async () => {
    const groups = [
      { tenantId: 'a', count: 1100, fields: over },
      { tenantId: 'b', count: 1 },
    ];
    await withWaiting(groups, async ({ capacity }) => {
      const found = await capacity.findWaiting(mayHaveTurn);
      expect([found.length, found.at(-1)?.tenantId]).toEqual([1001, 'b']);
    });
  }, 120_000);
});

describe('those that wait for capacity', () => {
  it('are counted: of a tenant those before a rank, of all tenants all', async () => {
    const groups = [
      { tenantId: 'a', count: 5 },
      { tenantId: 'b', count: 2 },
    ];
    await withWaiting(groups, async ({ capacity }) => {
      const counts = [
        capacity.countWaiting({ tenantId: 'a', rankAt: t0 }),
        capacity.countWaiting({ tenantId: 'a', rankAt: t0 + 3 }),
        capacity.countWaiting(),
      ];
      expect(await Promise.all(counts)).toEqual([0, 3, 7]);
    });
  });
});
