import {
  type CollectionReference,
  type DocumentReference,
  Filter,
  type Firestore,
  type Query,
} from '@google-cloud/firestore';
import type { OperationRecord } from '../execution/checkpoint-records.ts';
import type { ExecutionFilter } from '../execution/execution-filter.ts';
import type { FileRequestRecord } from '../execution/file-request-record.ts';
import type { DeadLetterRecord, ExecutionRecord, SessionRecord } from '../execution/records.ts';
import type { WebhookRecord } from '../execution/webhook-record.ts';
import { type CapacityStore, createCapacityStore } from './capacity-store.ts';
import { createDeadLetterQueries, type DeadLetterQueries } from './dead-letter-queries.ts';
import { openDocuments } from './documents.ts';
import { fromGoogle, googleCall } from './google-error.ts';
import { createSecretsKeyStore, type SecretsKeyStore } from './secrets-key-store.ts';
import { createSessionQueries, type SessionQueries } from './session-queries.ts';
import { createSweepQueries, type SweepQueries } from './sweep-queries.ts';
import { createTenantStore, type TenantStore } from './tenant-store.ts';

export interface ExecutionQuery extends ExecutionFilter {
  readonly limit: number;
  /** Only what was accepted before this time. */
  readonly before?: number;
}

type Watch<T> = (id: string, onRecord: (record: T | null) => void, onError: (error: Error) => void) => () => void;

type WatchFileRequest = (
  ids: { readonly sessionId: string; readonly requestId: string },
  onRecord: (record: FileRequestRecord | null) => void,
  onError: (error: Error) => void,
) => () => void;

type Counts = Pick<CapacityStore, 'countLoad' | 'countQueued' | 'countWaiting' | 'readTenant'>;
type Tenants = Pick<TenantStore, 'listTenants' | 'changeTenant' | 'readLimits'> &
  Pick<SecretsKeyStore, 'readSecretsKey'>;

/** What clients may see of the records; it writes nothing but the documents of tenants, which are the operators' own. */
export interface RecordReader extends DeadLetterQueries, SweepQueries, SessionQueries, Counts, Tenants {
  getExecution(executionId: string): Promise<ExecutionRecord | null>;
  /** Calls back with the present record and after each change, until the returned function is called. */
  readonly watchExecution: Watch<ExecutionRecord>;
  /** Newest first. */
  listExecutions(query: ExecutionQuery): Promise<readonly ExecutionRecord[]>;
  getSession(sessionId: string): Promise<SessionRecord | null>;
  readonly watchSession: Watch<SessionRecord>;
  readonly watchOperation: Watch<OperationRecord>;
  readonly watchFileRequest: WatchFileRequest;
  getDeadLetter(deadLetterId: string): Promise<DeadLetterRecord | null>;
  readonly watchDeadLetter: Watch<DeadLetterRecord>;
  getWebhook(webhookId: string): Promise<WebhookRecord | null>;
  readonly watchWebhook: Watch<WebhookRecord>;
  /** By id. */
  listWebhooks(): Promise<readonly WebhookRecord[]>;
  close(): Promise<void>;
}

export function createRecordReader(firestore: Firestore): RecordReader {
  const documents = openDocuments(firestore);
  const get = <T>(reference: DocumentReference<T>): Promise<T | null> =>
    googleCall(`read ${reference.path}`, async () => (await reference.get()).data() ?? null);
  const list = <T>(what: string, query: Query<T>): Promise<readonly T[]> =>
    googleCall(`list ${what}`, async () => (await query.get()).docs.map((document) => document.data()));
  const watch =
    <T>(collection: CollectionReference<T>): Watch<T> =>
    (id, onRecord, onError) =>
      collection.doc(id).onSnapshot(
        (snapshot) => onRecord(snapshot.data() ?? null),
        (error) => onError(fromGoogle(error, `watch ${collection.path}/${id}`)),
      );
  return {
    getExecution: (executionId) => get(documents.executions.doc(executionId)),
    watchExecution: watch(documents.executions),
    listExecutions: ({ limit, before, status, ...exact }) => {
      let query: Query<ExecutionRecord> = documents.executions.orderBy('acceptedAt', 'desc').limit(limit);
      for (const [path, value] of Object.entries(exact)) query = query.where(path, '==', value);
      if (status !== undefined) query = query.where(endedAs(status));
      if (before !== undefined) query = query.where('acceptedAt', '<', new Date(before));
      return list('executions', query);
    },
    getSession: (sessionId) => get(documents.sessions.doc(sessionId)),
    watchSession: watch(documents.sessions),
    watchOperation: watch(documents.operations),
    watchFileRequest: ({ sessionId, requestId }, onRecord, onError) =>
      watch(documents.fileRequests(sessionId))(requestId, onRecord, onError),
    getDeadLetter: (deadLetterId) => get(documents.deadLetters.doc(deadLetterId)),
    watchDeadLetter: watch(documents.deadLetters),
    getWebhook: (webhookId) => get(documents.webhooks.doc(webhookId)),
    watchWebhook: watch(documents.webhooks),
    listWebhooks: () => list('webhooks', documents.webhooks),
    ...createDeadLetterQueries(firestore),
    ...createSweepQueries(firestore),
    ...createSessionQueries(firestore),
    ...createCapacityStore(firestore),
    ...createTenantStore(firestore),
    ...createSecretsKeyStore(firestore),
    close: () => firestore.terminate(),
  };
}

/** What was turned down has no result until its completion event is collected. */
const endedAs = (status: NonNullable<ExecutionFilter['status']>): Filter => {
  const ended = Filter.where('result.status', '==', status);
  return status === 'rejected' ? Filter.or(ended, Filter.where('state', '==', 'rejected')) : ended;
};
