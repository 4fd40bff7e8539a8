import { FieldPath, type Firestore } from '@google-cloud/firestore';
import type { OutboxRecord } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** Outcomes that are stored and not known to be announced; the transaction that stores an outcome adds to them. */
export interface OutboxStore {
  /** Those stored before `storedBefore`, oldest first; those that come after `after`, where it is given. */
  findOwed(storedBefore: number, limit: number, after?: OutboxRecord): Promise<readonly OutboxRecord[]>;
  /** Strikes one off. May be repeated. */
  settle(executionId: string): Promise<void>;
}

export function createOutboxStore(firestore: Firestore): OutboxStore {
  const { outbox } = openDocuments(firestore);
  return {
    findOwed: (storedBefore, limit, after) =>
      googleCall('find outcomes to announce', async () => {
        const owed = outbox
          .where('storedAt', '<', new Date(storedBefore))
          .orderBy('storedAt')
          .orderBy(FieldPath.documentId())
          .limit(limit);
        const rest = after === undefined ? owed : owed.startAfter(new Date(after.storedAt), after.executionId);
        return (await rest.get()).docs.map((document) => document.data());
      }),
    settle: (executionId) =>
      googleCall(`settle the announcement of ${executionId}`, async () => {
        await outbox.doc(executionId).delete();
      }),
  };
}
