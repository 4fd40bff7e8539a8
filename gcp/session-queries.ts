import type { Firestore } from '@google-cloud/firestore';
import type { CheckpointQuery, CheckpointRecord } from '../execution/checkpoint-records.ts';
import type { SessionRecord } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** Reads of sessions and their checkpoints. */
export interface SessionQueries {
  /** Those that were used last first. */
  listSessions(query: { readonly limit: number; readonly before?: number }): Promise<readonly SessionRecord[]>;
  /** Of one session, those with the highest numbers first. */
  listCheckpoints(sessionId: string, query: CheckpointQuery): Promise<readonly CheckpointRecord[]>;
  getCheckpoint(sessionId: string, number: number): Promise<CheckpointRecord | null>;
}

export function createSessionQueries(firestore: Firestore): SessionQueries {
  const documents = openDocuments(firestore);
  return {
    listSessions: ({ limit, before }) =>
      googleCall('list sessions', async () => {
        const newest = documents.sessions.orderBy('updatedAt', 'desc').limit(limit);
        const query = before === undefined ? newest : newest.where('updatedAt', '<', new Date(before));
        return (await query.get()).docs.map((document) => document.data());
      }),
    listCheckpoints: (sessionId, { limit, above, below }) =>
      googleCall(`list checkpoints of ${sessionId}`, async () => {
        const newest = documents
          .checkpoints(sessionId)
          .orderBy('number', 'desc')
          .where('number', '>', above)
          .limit(limit);
        const query = below === undefined ? newest : newest.where('number', '<', below);
        return (await query.get()).docs.map((document) => document.data());
      }),
    getCheckpoint: (sessionId, number) =>
      googleCall(`read checkpoint ${number} of ${sessionId}`, async () => {
        const document = await documents.checkpoints(sessionId).doc(String(number)).get();
        return document.data() ?? null;
      }),
  };
}
