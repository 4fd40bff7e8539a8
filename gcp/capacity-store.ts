import type { Firestore, Query } from '@google-cloud/firestore';
import type { Load } from '../execution/choose-turns.ts';
import type { SessionRecord, TenantRecord } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** Counts what runs and waits, by aggregation queries: no document is written for it. */
export interface CapacityStore {
  /** Leases that a job may run for, and executions launched since `since`: of one tenant, or of all. */
  countLoad(tenantId: string | null, since: number): Promise<Load>;
  /** Executions of the tenant that wait, for their session or for capacity. */
  countQueued(tenantId: string): Promise<number>;
  /** What the operator wrote for the tenant. */
  readTenant(tenantId: string): Promise<TenantRecord | null>;
  /** Sessions whose execution waits for capacity: of every tenant those that go first. */
  findWaiting(): Promise<readonly SessionRecord[]>;
  isAnyoneWaiting(): Promise<boolean>;
}

/** Of one tenant at least as many are seen as this, when so many wait, less those of tenants before it on the page. */
const pageSize = 100;

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
    readTenant: (tenantId) =>
      googleCall(`read tenant ${tenantId}`, async () => (await tenants.doc(tenantId).get()).data() ?? null),
    findWaiting: () =>
      googleCall('find what waits for capacity', async () => {
        const found: SessionRecord[] = [];
        // Page after page, each beginning with another tenant: one that has thousands hides none of the others.
        for (let after = ''; ; ) {
          const page = await sessions
            .where('waiting.tenantId', '>', after)
            .orderBy('waiting.tenantId')
            .orderBy('waiting.rankAt')
            .limit(pageSize)
            .get();
          found.push(...page.docs.map((document) => document.data()));
          const last = found.at(-1)?.waiting?.tenantId;
          if (page.size < pageSize || last === undefined) return found;
          after = last;
        }
      }),
    isAnyoneWaiting: () =>
      googleCall(
        'find whether anyone waits',
        async () => !(await sessions.orderBy('waiting.rankAt').limit(1).get()).empty,
      ),
  };
}
