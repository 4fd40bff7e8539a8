import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll } from '@jest/globals';
import { createExecutionStore, type ExecutionStore } from '../../gcp/execution-store.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { createOutboxStore, type OutboxStore } from '../../gcp/outbox-store.ts';
import { createRecordReader, type RecordReader } from '../../gcp/record-reader.ts';
import { startFirestoreServer } from '../../local/firestore/server.ts';

export interface RecordsStore {
  readonly firestore: Firestore;
  readonly store: ExecutionStore;
  readonly reader: RecordReader;
  readonly outbox: OutboxStore;
}

/** The real store, by Google's client, over the local Firestore. */
export function useRecordsStore(): () => RecordsStore {
  let opened: (RecordsStore & { readonly close: () => Promise<void> }) | undefined;
  beforeAll(async () => {
    const server = await startFirestoreServer({});
    const firestore = createFirestoreClient({
      projectId: 'test',
      bucket: 'none',
      endpoints: { firestore: { host: server.host, port: server.port } },
    });
    const close = async () => {
      await firestore.terminate();
      await server.close();
    };
    opened = {
      firestore,
      store: createExecutionStore(firestore),
      reader: createRecordReader(firestore),
      outbox: createOutboxStore(firestore),
      close,
    };
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('the store is not open: use it inside a test');
    return opened;
  };
}

/** Ids that no other test of the file uses. */
export const freshIds = () => ({ executionId: `e-${randomUUID()}`, sessionId: `s-${randomUUID()}` });
