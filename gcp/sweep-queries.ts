import type { Firestore } from '@google-cloud/firestore';
import type { OverdueRecords } from '../execution/overdue.ts';
import { createCapacityStore } from './capacity-store.ts';
import { createExecutionStore } from './execution-store.ts';
import { createOutboxStore } from './outbox-store.ts';

/** The searches of all sweepers together, for somebody who only looks. */
export interface SweepQueries {
  /** What is overdue at `now`, at most `limit` of each kind. */
  findOverdue(now: number, limit: number): Promise<OverdueRecords>;
}

/** How long whoever has just written something may take to see to it, or its clock may be behind, before it is overdue. */
const patienceMs = { lease: 2000, owed: 10_000 };

export function createSweepQueries(firestore: Firestore): SweepQueries {
  const store = createExecutionStore(firestore);
  const { findOwed } = createOutboxStore(firestore);
  const { findWaiting } = createCapacityStore(firestore);
  return {
    async findOverdue(now, limit) {
      const [leases, owedEnds, outbox, gaps, waiting] = await Promise.all([
        store.findExpiredLeases(now - patienceMs.lease, limit),
        store.findOwedEnds(now - patienceMs.owed, limit),
        findOwed(now - patienceMs.owed, limit),
        store.findEndedGaps(now, limit),
        findWaiting(() => true),
      ]);
      return { leases, owedEnds, outbox, gaps, waiting: waiting.slice(0, limit) };
    },
  };
}
