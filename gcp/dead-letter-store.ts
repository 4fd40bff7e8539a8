import type { Firestore } from '@google-cloud/firestore';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

export interface DeadLetterStore {
  /** Stores the record unless its id is taken; true when it was stored now. */
  create(record: DeadLetterRecord): Promise<boolean>;
  /** Reads, decides, stores; on contention all of it again, so `decide` must be pure. */
  transact<D extends { readonly writes?: DeadLetterRecord }>(
    deadLetterId: string,
    decide: (record: DeadLetterRecord | undefined) => D,
  ): Promise<D>;
}

export function createDeadLetterStore(firestore: Firestore): DeadLetterStore {
  const { deadLetters } = openDocuments(firestore);
  const transact: DeadLetterStore['transact'] = (deadLetterId, decide) =>
    googleCall(`transaction on dead letter ${deadLetterId}`, () =>
      firestore.runTransaction(async (transaction) => {
        const reference = deadLetters.doc(deadLetterId);
        const decision = decide((await transaction.get(reference)).data());
        if (decision.writes) transaction.set(reference, decision.writes);
        return decision;
      }),
    );
  return {
    transact,
    create: async (record) => {
      const { deadLetterId } = record;
      try {
        await googleCall(`create dead letter ${deadLetterId}`, () => deadLetters.doc(deadLetterId).create(record));
        return true;
      } catch (error) {
        if (error instanceof PipelineError && error.code === 'google/already-exists') return false;
        throw error;
      }
    },
  };
}
