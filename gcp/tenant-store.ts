import { isDeepStrictEqual } from 'node:util';
import { FieldPath, type Firestore } from '@google-cloud/firestore';
import type { DeploymentLimits } from '../execution/tenant-limits.ts';
import type { TenantDocument } from '../schemas/generated/messages.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** What operators say of tenants, and what the deployment says of itself. */
export interface TenantStore {
  /** By id; those that come after `after`, where it is given. */
  listTenants(query: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly { readonly tenantId: string; readonly document: unknown }[]>;
  /**
   * Reads the document (null: there is none), decides and stores what was decided in its place; on contention all of it
   * again, so `decide` must be pure. It may throw to have nothing stored.
   */
  changeTenant(tenantId: string, decide: (document: unknown) => TenantDocument): Promise<TenantDocument>;
  /** null: no dispatcher has told them yet. */
  readLimits(): Promise<DeploymentLimits | null>;
  /** Writes only what has changed. */
  tellLimits(limits: DeploymentLimits): Promise<void>;
}

export function createTenantStore(firestore: Firestore): TenantStore {
  const { tenants, deployment } = openDocuments(firestore);
  const limitsDocument = deployment.doc('limits');
  return {
    listTenants: ({ limit, after }) =>
      googleCall('list tenants', async () => {
        const ordered = tenants.orderBy(FieldPath.documentId()).limit(limit);
        const page = after === undefined ? ordered : ordered.startAfter(after);
        return (await page.get()).docs.map((document) => ({ tenantId: document.id, document: document.data() }));
      }),
    changeTenant: (tenantId, decide) =>
      googleCall(`change tenant ${tenantId}`, () =>
        firestore.runTransaction(async (transaction) => {
          const reference = tenants.doc(tenantId);
          const changed = decide((await transaction.get(reference)).data() ?? null);
          transaction.set(reference, changed);
          return changed;
        }),
      ),
    readLimits: () =>
      googleCall('read the limits of the deployment', async () => (await limitsDocument.get()).data() ?? null),
    tellLimits: (limits) =>
      googleCall('tell the limits of the deployment', async () => {
        if (!isDeepStrictEqual((await limitsDocument.get()).data(), limits)) await limitsDocument.set(limits);
      }),
  };
}
