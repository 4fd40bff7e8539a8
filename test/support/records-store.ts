import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll } from '@jest/globals';
import { type CapacityStore, createCapacityStore } from '../../gcp/capacity-store.ts';
import { createExecutionStore, type ExecutionStore } from '../../gcp/execution-store.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { createOutboxStore, type OutboxStore } from '../../gcp/outbox-store.ts';
import { createRecordReader, type RecordReader } from '../../gcp/record-reader.ts';
import { startFirestoreServer } from '../../local/firestore/server.ts';

export interface RecordsStore {
  readonly firestore: Firestore;
  readonly store: ExecutionStore;
  readonly capacity: CapacityStore;
  readonly reader: RecordReader;
  readonly outbox: OutboxStore;
}

/** The real store over a server that is up; the caller ends its `firestore`. */
export function openRecordsStore({ host, port }: { readonly host: string; readonly port: number }): RecordsStore {
  const firestore = createFirestoreClient({
    projectId: 'test',
    bucket: 'none',
    endpoints: { firestore: { host, port } },
  });
  return {
    firestore,
    store: createExecutionStore(firestore),
    capacity: createCapacityStore(firestore),
    reader: createRecordReader(firestore),
    outbox: createOutboxStore(firestore),
  };
}

/** The real store, by Google's client, over the local Firestore. */
export function useRecordsStore(): () => RecordsStore {
  let opened: (RecordsStore & { readonly close: () => Promise<void> }) | undefined;
  beforeAll(async () => {
    const server = await startFirestoreServer({});
    const records = openRecordsStore(server);
    const { firestore } = records;
    const close = async () => {
      await firestore.terminate();
      await server.close();
    };
    opened = { ...records, close };
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('the store is not open: use it inside a test');
    return opened;
  };
}

/** Ids that no other test of the file uses. */
export const freshIds = () => ({ executionId: `e-${randomUUID()}`, sessionId: `s-${randomUUID()}` });
