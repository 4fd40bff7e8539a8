import { readFileSync } from 'node:fs';
import type { Firestore } from '@google-cloud/firestore';
import type { DeadLetterRecord, ExecutionRecord, LeaseRecord, SessionRecord } from '../../execution/records.ts';
import { openDocuments } from '../../gcp/documents.ts';
import type { Ended } from './ledger.ts';

export interface Stored {
  readonly executions: readonly ExecutionRecord[];
  readonly sessions: readonly SessionRecord[];
  readonly leases: readonly LeaseRecord[];
  readonly deadLetters: readonly DeadLetterRecord[];
}

/** All documents of a deployment that is small. */
export async function readStored(firestore: Firestore): Promise<Stored> {
  const { executions, sessions, leases, deadLetters } = openDocuments(firestore);
  const all = async <T>(query: { get(): Promise<{ readonly docs: readonly { data(): T }[] }> }) =>
    (await query.get()).docs.map((document) => document.data());
  const [executionRecords, sessionRecords, leaseRecords, deadLetterRecords] = await Promise.all([
    all(executions),
    all(sessions),
    all(leases),
    all(deadLetters),
  ]);
  return {
    executions: executionRecords,
    sessions: sessionRecords,
    leases: leaseRecords,
    deadLetters: deadLetterRecords,
  };
}

export function describeEnd(record: ExecutionRecord): Ended {
  const { executionId, sessionId, seq, state } = record;
  const result = record.state === 'finished' ? record.result : null;
  const isSaved = (result?.newState?.checkpoint ?? null) !== null;
  const counted = Number.parseInt(result?.stdout ?? '', 10);
  const history = isSaved && Number.isInteger(counted) ? counted : null;
  return { executionId, sessionId, seq, state, outcome: result?.outcome.kind ?? null, history };
}

/** The execution ids that commands wrote, a line each. */
export function readEffects(counter: string): readonly string[] {
  return readFileSync(counter, 'utf8').split('\n').filter(Boolean);
}
