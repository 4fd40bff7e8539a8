import { type DocumentReference, FieldPath, type Firestore, type Transaction } from '@google-cloud/firestore';
import { owedEndOf } from '../execution/owed-end.ts';
import type { ExecutionRecord, LeaseRecord, RecordWrites, SessionRecord, StoredRecords } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

/** Names the records that a decision is about. From a lease the others follow, from a launched execution its lease. */
export interface RecordIds {
  readonly executionId?: string;
  readonly sessionId?: string;
  readonly leaseId?: string;
  /** Number of a checkpoint of the session that the decision wants to see; `head`: the one that it goes on from. */
  readonly checkpoint?: number | 'head';
  /** The session that the checkpoint belongs to, where it is another one. */
  readonly checkpointOf?: string;
  /** A rewind, fork or deletion that may have been decided before. */
  readonly operationId?: string;
}

export interface ExecutionStore {
  /**
   * Reads the records, runs `decide` on them and stores its `writes`, all or nothing. On contention everything is done
   * again, `decide` included, so it must be pure. Rejects with google/contention when that does not end.
   */
  transact<D extends { readonly writes?: RecordWrites }>(
    ids: RecordIds,
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  /** Leases whose time is over at `now`, oldest first; those that come after `after`, where it is given. */
  findExpiredLeases(now: number, limit: number, after?: LeaseRecord): Promise<readonly LeaseRecord[]>;
  /**
   * Executions whose end was decided before `owedBefore` and is not collected yet, oldest first; those that come after
   * `after`, where it is given.
   */
  findOwedEnds(owedBefore: number, limit: number, after?: ExecutionRecord): Promise<readonly ExecutionRecord[]>;
  /** Sessions in which a numbered execution was held for long enough at `now`, longest first. */
  findEndedGaps(now: number, limit: number): Promise<readonly SessionRecord[]>;
}

/** Each try reads afresh; twenty bound the wait of a session that many want at once. */
const maxAttempts = 20;

export function createExecutionStore(firestore: Firestore): ExecutionStore {
  const documents = openDocuments(firestore);

  async function read(transaction: Transaction, ids: RecordIds): Promise<StoredRecords> {
    const get = async <T>(reference: DocumentReference<T> | undefined): Promise<T | undefined> =>
      reference === undefined ? undefined : (await transaction.get(reference)).data();
    const named = await get(ids.leaseId === undefined ? undefined : documents.leases.doc(ids.leaseId));
    const executionId = ids.executionId ?? named?.executionId;
    const sessionId = ids.sessionId ?? named?.sessionId;
    const sessionRead = get(sessionId === undefined ? undefined : documents.sessions.doc(sessionId));
    const sourceRead = get(ids.checkpointOf === undefined ? undefined : documents.sessions.doc(ids.checkpointOf));
    const checkpointOf = ids.checkpointOf ?? sessionId;
    const readCheckpoint = async () => {
      const headOf = ids.checkpointOf === undefined ? sessionRead : sourceRead;
      const number = ids.checkpoint === 'head' ? (await headOf)?.head?.number : ids.checkpoint;
      if (checkpointOf === undefined || number === undefined || number === 0) return undefined;
      return await get(documents.checkpoints(checkpointOf).doc(String(number)));
    };
    const [execution, session, checkpoint, source, operation] = await Promise.all([
      get(executionId === undefined ? undefined : documents.executions.doc(executionId)),
      sessionRead,
      readCheckpoint(),
      sourceRead,
      get(ids.operationId === undefined ? undefined : documents.operations.doc(ids.operationId)),
    ]);
    const lease = named ?? (await get(launchedLease(execution, ids)));
    return {
      ...(execution && { execution }),
      ...(session && { session }),
      ...(lease && { lease }),
      ...(checkpoint && { checkpoint }),
      ...(source && { source }),
      ...(operation && { operation }),
    };
  }

  /** A launched execution is decided on together with its lease. */
  const launchedLease = (execution: ExecutionRecord | undefined, ids: RecordIds) =>
    ids.leaseId === undefined && (execution?.state === 'launching' || execution?.state === 'running')
      ? documents.leases.doc(execution.launch.leaseId)
      : undefined;

  function write(transaction: Transaction, writes: RecordWrites): void {
    const { execution, session, source, lease, checkpoint, operation, deletedLeaseId, outbox } = writes;
    if (execution) transaction.set(documents.executions.doc(execution.executionId), execution);
    if (session) transaction.set(documents.sessions.doc(session.sessionId), session);
    if (source) transaction.set(documents.sessions.doc(source.sessionId), source);
    if (lease) transaction.set(documents.leases.doc(lease.leaseId), lease);
    if (checkpoint) {
      transaction.set(documents.checkpoints(checkpoint.sessionId).doc(String(checkpoint.number)), checkpoint);
    }
    if (operation) transaction.set(documents.operations.doc(operation.operationId), operation);
    if (outbox) transaction.set(documents.outbox.doc(outbox.executionId), outbox);
    if (deletedLeaseId) transaction.delete(documents.leases.doc(deletedLeaseId));
  }

  return {
    transact: (ids, decide) =>
      googleCall(`transaction on ${ids.executionId ?? ids.leaseId ?? ids.sessionId}`, () =>
        firestore.runTransaction(
          async (transaction) => {
            const decision = decide(await read(transaction, ids));
            if (decision.writes) write(transaction, decision.writes);
            return decision;
          },
          { maxAttempts },
        ),
      ),
    findExpiredLeases: (now, limit, after) =>
      googleCall('find expired leases', async () => {
        const expired = documents.leases
          .where('expiresAt', '<=', new Date(now))
          .orderBy('expiresAt')
          .orderBy(FieldPath.documentId())
          .limit(limit);
        const rest = after === undefined ? expired : expired.startAfter(new Date(after.expiresAt), after.leaseId);
        return (await rest.get()).docs.map((document) => document.data());
      }),
    findOwedEnds: (owedBefore, limit, after) =>
      googleCall('find owed ends', async () => {
        const owed = documents.executions
          .where('owedEnd.owedAt', '<', new Date(owedBefore))
          .orderBy('owedEnd.owedAt')
          .orderBy(FieldPath.documentId())
          .limit(limit);
        const last = after === undefined ? null : owedEndOf(after);
        const rest = last === null ? owed : owed.startAfter(new Date(last.owedAt), after?.executionId);
        return (await rest.get()).docs.map((document) => document.data());
      }),
    findEndedGaps: (now, limit) =>
      googleCall('find ended gaps', async () => {
        const ended = documents.sessions.where('gapEndsAt', '<=', new Date(now)).orderBy('gapEndsAt').limit(limit);
        return (await ended.get()).docs.map((document) => document.data());
      }),
  };
}
