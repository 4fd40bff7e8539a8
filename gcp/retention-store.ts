import { FieldPath, type Firestore, type Query } from '@google-cloud/firestore';
import type { ExecutionRecord } from '../execution/records.ts';
import type { RetentionRecords } from '../execution/retention-records.ts';
import type { CheckpointRef } from '../schemas/generated/messages.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

const unfinished = ['queued', 'launching', 'running'] as const;

export function createRetentionStore(firestore: Firestore): RetentionRecords {
  const documents = openDocuments(firestore);
  const rowsOf = async <T>(query: Query<T>): Promise<T[]> =>
    (await query.get()).docs.map((document) => document.data());
  const unfinishedOf = (sessionId: string): Query<ExecutionRecord> =>
    documents.executions.where('sessionId', '==', sessionId).where('state', 'in', unfinished);
  const startsOf = (executions: readonly ExecutionRecord[]) =>
    executions.flatMap(({ startFrom }) => (startFrom ? [startFrom] : []));

  return {
    listSessions: (limit, after) =>
      googleCall('list sessions', () => {
        const byId = documents.sessions.orderBy(FieldPath.documentId()).limit(limit);
        return rowsOf(after === undefined ? byId : byId.startAfter(after));
      }),
    getSession: (sessionId) =>
      googleCall(`read the session ${sessionId}`, async () => {
        return (await documents.sessions.doc(sessionId).get()).data() ?? null;
      }),
    listCheckpoints: (sessionId) =>
      googleCall(`list checkpoints of ${sessionId}`, () => rowsOf(documents.checkpoints(sessionId).orderBy('number'))),
    listNamed: (sessionId) =>
      googleCall(`find what names checkpoints of ${sessionId}`, async () => {
        const [forks, executions] = await Promise.all([
          rowsOf(documents.sessions.where('forkedFrom.sessionId', '==', sessionId)),
          rowsOf(unfinishedOf(sessionId)),
        ]);
        const forked = forks.flatMap(({ forkedFrom }) => (forkedFrom === undefined ? [] : [forkedFrom.checkpoint]));
        return new Set([...forked, ...startsOf(executions).map(({ number }) => number)]);
      }),
    readRoots: (sessionId) =>
      googleCall(`read what leads to ${sessionId}`, () =>
        firestore.runTransaction(
          async (transaction) => {
            const read = async <T>(query: Query<T>) => (await transaction.get(query)).docs.map((one) => one.data());
            const session = (await transaction.get(documents.sessions.doc(sessionId))).data() ?? null;
            const forks = await read(documents.sessions.where('ancestors', 'array-contains', sessionId));
            const checkpoints: CheckpointRef[] = [];
            const launchedAt: number[] = [];
            for (const one of [...(session === null ? [] : [session]), ...forks]) {
              const executions = await read(unfinishedOf(one.sessionId));
              const through = one.removal?.throughCheckpoint ?? 0;
              const records = await read(documents.checkpoints(one.sessionId).where('number', '>', through));
              checkpoints.push(...records, ...(one.head ? [one.head] : []), ...startsOf(executions));
              // Only leases of the session itself write in its folder.
              if (one.sessionId !== sessionId) continue;
              for (const execution of executions) {
                if ('launch' in execution) launchedAt.push(execution.launch?.launchedAt ?? 0);
              }
            }
            return { session, checkpoints, launchedAt, forks: forks.map((fork) => fork.sessionId) };
          },
          { readOnly: true },
        ),
      ),
    transactSession: (sessionId, decide) =>
      googleCall(`transaction on the session ${sessionId}`, () =>
        firestore.runTransaction(async (transaction) => {
          const reference = documents.sessions.doc(sessionId);
          const session = (await transaction.get(reference)).data();
          const decision = decide(session === undefined ? {} : { session });
          if (decision.writes?.session) transaction.set(reference, decision.writes.session);
          if (decision.deletedSessionId === sessionId) transaction.delete(reference);
          return decision;
        }),
      ),
    deleteCheckpoint: (sessionId, number, decide) =>
      googleCall(`delete checkpoint ${number} of ${sessionId}`, () =>
        firestore.runTransaction(async (transaction) => {
          const session = (await transaction.get(documents.sessions.doc(sessionId))).data();
          if (!decide(session)) return false;
          transaction.delete(documents.checkpoints(sessionId).doc(String(number)));
          return true;
        }),
      ),
    listExecutions: (sessionId, acceptedUntil, limit) =>
      googleCall(`list executions of ${sessionId}`, async () => {
        const accepted = documents.executions
          .where('sessionId', '==', sessionId)
          .where('acceptedAt', '<=', new Date(acceptedUntil))
          .orderBy('acceptedAt', 'desc')
          .limit(limit);
        return await rowsOf(accepted);
      }),
    replaceExecution: (execution) =>
      googleCall(`erase ${execution.executionId}`, async () => {
        await documents.executions.doc(execution.executionId).set(execution);
      }),
    replaceFileRequests: (sessionId, erase) =>
      googleCall(`erase requests for files of ${sessionId}`, async () => {
        for (const { ref } of (await documents.fileRequests(sessionId).get()).docs) {
          await firestore.runTransaction(async (transaction) => {
            const found = await transaction.get(ref);
            const record = found.data();
            const erased = record === undefined ? null : erase(record, found.updateTime?.toMillis() ?? 0);
            if (erased !== null) transaction.set(ref, erased);
          });
        }
      }),
    findRecords: (collection, ids) =>
      googleCall(`look for records in ${collection}`, async () => {
        if (ids.length === 0) return new Set<string>();
        const found = await firestore.getAll(...ids.map((id) => firestore.doc(`${collection}/${id}`)));
        return new Set(found.filter((one) => one.exists).map((one) => one.id));
      }),
  };
}
