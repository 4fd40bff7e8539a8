import type { Firestore } from '@google-cloud/firestore';
import type { WebhookRecord } from '../execution/webhook-record.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

export interface WebhookStore {
  findActive(): Promise<readonly WebhookRecord[]>;
  read(webhookId: string): Promise<WebhookRecord | undefined>;
  /** Reads, decides, stores `writes`, or deletes where it is null; on contention all of it again, so `decide` must be pure. */
  transact<D extends { readonly writes?: WebhookRecord | null }>(
    webhookId: string,
    decide: (stored: WebhookRecord | undefined) => D,
  ): Promise<D>;
}

export function createWebhookStore(firestore: Firestore): WebhookStore {
  const { webhooks } = openDocuments(firestore);
  return {
    findActive: () =>
      googleCall('find active webhooks', async () =>
        (await webhooks.where('state', '==', 'active').get()).docs.map((document) => document.data()),
      ),
    read: (webhookId) =>
      googleCall(`read webhook ${webhookId}`, async () => (await webhooks.doc(webhookId).get()).data()),
    transact: (webhookId, decide) =>
      googleCall(`transaction on webhook ${webhookId}`, () =>
        firestore.runTransaction(async (transaction) => {
          const reference = webhooks.doc(webhookId);
          const decision = decide((await transaction.get(reference)).data());
          if (decision.writes === null) transaction.delete(reference);
          else if (decision.writes !== undefined) transaction.set(reference, decision.writes);
          return decision;
        }),
      ),
  };
}
