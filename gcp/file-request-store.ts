import type { Firestore } from '@google-cloud/firestore';
import type { FileWrites, StoredForFiles } from '../execution/file-request-facts.ts';
import type { FileRequestRecord } from '../execution/file-request-record.ts';
import { openDocuments } from './documents.ts';
import { fromGoogle, googleCall } from './google-error.ts';

export interface FileRequestIds {
  readonly sessionId: string;
  readonly requestId: string;
}

export interface FileRequestStore {
  /** Reads the records, runs `decide`, stores its `writes`; on contention all of it again, so it must be pure. */
  transactFiles<D extends { readonly writes?: FileWrites }>(
    ids: FileRequestIds,
    decide: (stored: StoredForFiles) => D,
  ): Promise<D>;
  /** Those that wait for an executor, oldest first. */
  findOffered(sessionId: string, limit: number): Promise<readonly FileRequestRecord[]>;
  /** Those that this lease took and has not answered. */
  findTaken(sessionId: string, leaseId: string): Promise<readonly FileRequestRecord[]>;
  /** Resolves true once something waits for an executor; false when `signal` is aborted first. */
  untilOffered(sessionId: string, signal: AbortSignal): Promise<boolean>;
  /** Resolves when the request is done or the session's record changes, or when `signal` is aborted. */
  untilMoved(ids: FileRequestIds, signal: AbortSignal): Promise<void>;
}

const maxAttempts = 20;

export function createFileRequestStore(firestore: Firestore): FileRequestStore {
  const documents = openDocuments(firestore);
  const offeredIn = (sessionId: string) => documents.fileRequests(sessionId).orderBy('waitsSinceAt');
  return {
    transactFiles: ({ sessionId, requestId }, decide) =>
      googleCall(`transaction on the files of ${sessionId}`, () =>
        firestore.runTransaction(
          async (transaction) => {
            const requestDocument = documents.fileRequests(sessionId).doc(requestId);
            const [session, request] = await Promise.all([
              transaction.get(documents.sessions.doc(sessionId)).then((found) => found.data()),
              transaction.get(requestDocument).then((found) => found.data()),
            ]);
            const execution = async (id: string | null | undefined) =>
              typeof id === 'string' ? (await transaction.get(documents.executions.doc(id))).data() : undefined;
            const [active, taker] = await Promise.all([
              execution(session?.active),
              execution(request?.state === 'taken' ? request.takenBy.executionId : null),
            ]);
            const decision = decide({
              ...(session && { session }),
              ...(request && { request }),
              ...(active && { active }),
              ...(taker && { taker }),
            });
            const { writes } = decision;
            if (writes?.session) transaction.set(documents.sessions.doc(sessionId), writes.session);
            if (writes?.request) transaction.set(requestDocument, writes.request);
            if (writes?.checkpoint) {
              const { number } = writes.checkpoint;
              transaction.set(documents.checkpoints(sessionId).doc(String(number)), writes.checkpoint);
            }
            return decision;
          },
          { maxAttempts },
        ),
      ),
    findOffered: (sessionId, limit) =>
      googleCall(`find what is asked of the files of ${sessionId}`, async () =>
        (await offeredIn(sessionId).limit(limit).get()).docs.map((document) => document.data()),
      ),
    findTaken: (sessionId, leaseId) =>
      googleCall(`find what was taken of the files of ${sessionId}`, async () => {
        const taken = documents.fileRequests(sessionId).where('takenBy.leaseId', '==', leaseId);
        const records = (await taken.get()).docs.map((document) => document.data());
        return records.filter(({ state }) => state === 'taken');
      }),
    untilOffered: (sessionId, signal) =>
      untilSnapshot(signal, (next, fail) => [
        offeredIn(sessionId)
          .limit(1)
          .onSnapshot((found) => found.empty || next(), fail),
      ]),
    async untilMoved({ sessionId, requestId }, signal) {
      await untilSnapshot(signal, (next, fail) => {
        let seen: number | null = null;
        return [
          documents
            .fileRequests(sessionId)
            .doc(requestId)
            .onSnapshot((found) => found.data()?.state === 'done' && next(), fail),
          documents.sessions.doc(sessionId).onSnapshot((found) => {
            const at = found.data()?.updatedAt ?? 0;
            if (seen !== null && seen !== at) next();
            seen = at;
          }, fail),
        ];
      });
    },
  };
}

async function untilSnapshot(
  signal: AbortSignal,
  listen: (next: () => void, fail: (error: Error) => void) => readonly (() => void)[],
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const onAbort = () => resolve(false);
  if (signal.aborted) return false;
  signal.addEventListener('abort', onAbort, { once: true });
  const stops = listen(
    () => resolve(true),
    (error) => reject(fromGoogle(error, 'listen for files')),
  );
  try {
    return await promise;
  } finally {
    for (const stop of stops) stop();
    signal.removeEventListener('abort', onAbort);
  }
}
