import { FieldPath, type Firestore, type Query, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { Load } from '../execution/choose-turns.ts';
import type { SessionRecord, WaitingTurn } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** Counts what runs and waits, by aggregation queries: no document is written for it. */
export interface CapacityStore {
  /** Leases that a job may run for, and executions launched since `since`: of one tenant, or of all. */
  countLoad(tenantId: string | null, since: number): Promise<Load>;
  /** Executions of the tenant that wait, for their session or for capacity. */
  countQueued(tenantId: string): Promise<number>;
  /** Sessions whose execution waits for capacity: of a tenant those that go before `rankAt`; of all tenants all. */
  countWaiting(before?: Pick<WaitingTurn, 'tenantId' | 'rankAt'>): Promise<number>;
  /** What stands in the tenant's document, whoever wrote it; null when there is none. */
  readTenant(tenantId: string): Promise<unknown>;
  /**
   * Sessions whose execution waits for capacity: of every tenant those that go first, until a number of them may have a
   * turn. `mayHaveTurn` tells that of one; those for which it is false are found with the others.
   */
  findWaiting(mayHaveTurn: (turn: WaitingTurn) => boolean): Promise<readonly SessionRecord[]>;
  isAnyoneWaiting(): Promise<boolean>;
}

/** Of a tenant at least as many that may have a turn are seen, when so many wait. */
const enoughOfTenant = 100;
const pageSize = 100;
/** Of one tenant no more pages are read: those that may have no turn bound the work of a round as well. */
const maxPagesOfTenant = 10;

export function createCapacityStore(firestore: Firestore): CapacityStore {
  const { leases, executions, sessions, tenants } = openDocuments(firestore);
  const count = async (query: Query): Promise<number> => (await query.count().get()).data().count;

  return {
    countLoad: (tenantId, since) =>
      googleCall(`count the load of ${tenantId ?? 'all tenants'}`, async () => {
        const started = executions.where('launch.launchedAt', '>', new Date(since));
        const launched = tenantId === null ? leases : leases.where('tenantId', '==', tenantId);
        const [all, held, starts] = await Promise.all([
          count(launched),
          count(launched.where('isHeld', '==', true)),
          count(tenantId === null ? started : started.where('tenantId', '==', tenantId)),
        ]);
        return { running: Math.max(0, all - held), starts };
      }),
    countQueued: (tenantId) =>
      googleCall(`count what waits of ${tenantId}`, () =>
        count(executions.where('tenantId', '==', tenantId).where('state', '==', 'queued')),
      ),
    countWaiting: (before) =>
      googleCall('count what waits for capacity', () =>
        count(
          before === undefined
            ? sessions.orderBy('waiting.rankAt')
            : sessions
                .where('waiting.tenantId', '==', before.tenantId)
                .where('waiting.rankAt', '<', new Date(before.rankAt)),
        ),
      ),
    readTenant: (tenantId) =>
      googleCall(`read tenant ${tenantId}`, async () => (await tenants.doc(tenantId).get()).data() ?? null),
    findWaiting: (mayHaveTurn) =>
      googleCall('find what waits for capacity', async () => {
        const found: SessionRecord[] = [];
        const ordered = sessions
          .orderBy('waiting.tenantId')
          .orderBy('waiting.rankAt')
          .orderBy(FieldPath.documentId())
          .limit(pageSize);
        let next: Query<SessionRecord> = ordered;
        let tenantId = '';
        let seen = 0;
        let pages = 0;
        for (;;) {
          const { docs } = await next.get();
          const page = docs.map((document) => document.data());
          found.push(...page);
          const last = page.at(-1)?.waiting?.tenantId;
          if (docs.length < pageSize || last === undefined) return found;
          // A page may end anywhere among the turns of its last tenant: they are followed until enough of them are seen,
          // then whatever else that tenant has waiting is passed by, so that it hides none of the others.
          const isSame = last === tenantId;
          const turns = page.flatMap(({ waiting }) => (waiting?.tenantId === last ? [waiting] : []));
          seen = (isSame ? seen : 0) + turns.filter(mayHaveTurn).length;
          pages = (isSame ? pages : 0) + 1;
          tenantId = last;
          next =
            seen >= enoughOfTenant || pages >= maxPagesOfTenant
              ? ordered.where('waiting.tenantId', '>', tenantId)
              : ordered.startAfter(docs.at(-1) as QueryDocumentSnapshot<SessionRecord>);
        }
      }),
    isAnyoneWaiting: () =>
      googleCall(
        'find whether anyone waits',
        async () => !(await sessions.orderBy('waiting.rankAt').limit(1).get()).empty,
      ),
  };
}
