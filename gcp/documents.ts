import {
  type CollectionReference,
  type DocumentData,
  type Firestore,
  type FirestoreDataConverter,
  Timestamp,
} from '@google-cloud/firestore';
import type { CheckpointRecord, OperationRecord } from '../execution/checkpoint-records.ts';
import type { FileRequestRecord } from '../execution/file-request-record.ts';
import type {
  DeadLetterRecord,
  ExecutionRecord,
  LeaseRecord,
  OutboxRecord,
  SessionRecord,
} from '../execution/records.ts';
import type { DeploymentLimits } from '../execution/tenant-limits.ts';
import type { WebhookRecord } from '../execution/webhook-record.ts';

/** The collections of a deployment, each with its record type. */
export interface Documents {
  readonly executions: CollectionReference<ExecutionRecord>;
  readonly sessions: CollectionReference<SessionRecord>;
  readonly leases: CollectionReference<LeaseRecord>;
  /** Written by operators, by hand too: nothing is known of what stands in them. */
  readonly tenants: CollectionReference;
  /** One document, `limits`. */
  readonly deployment: CollectionReference<DeploymentLimits>;
  readonly deadLetters: CollectionReference<DeadLetterRecord>;
  readonly operations: CollectionReference<OperationRecord>;
  readonly outbox: CollectionReference<OutboxRecord>;
  readonly webhooks: CollectionReference<WebhookRecord>;
  readonly checkpoints: (sessionId: string) => CollectionReference<CheckpointRecord>;
  readonly fileRequests: (sessionId: string) => CollectionReference<FileRequestRecord>;
}

export function openDocuments(firestore: Firestore): Documents {
  const collection = <T extends DocumentData>(path: string) =>
    firestore.collection(path).withConverter(recordConverter<T>());
  return {
    executions: collection<ExecutionRecord>('executions'),
    sessions: collection<SessionRecord>('sessions'),
    leases: collection<LeaseRecord>('leases'),
    tenants: collection<DocumentData>('tenants'),
    deployment: collection<DeploymentLimits>('deployment'),
    deadLetters: collection<DeadLetterRecord>('deadLetters'),
    operations: collection<OperationRecord>('operations'),
    outbox: collection<OutboxRecord>('outbox'),
    webhooks: collection<WebhookRecord>('webhooks'),
    checkpoints: (sessionId) => collection<CheckpointRecord>(`sessions/${sessionId}/checkpoints`),
    fileRequests: (sessionId) => collection<FileRequestRecord>(`sessions/${sessionId}/fileRequests`),
  };
}

/**
 * Records have times as numbers in fields that end in `At`; documents have them as timestamps, so that TTL policies
 * and people can read them.
 */
function recordConverter<T extends DocumentData>(): FirestoreDataConverter<T> {
  return {
    toFirestore: (record) => mapFields(record as DocumentData, numbersToTimestamps) as DocumentData,
    fromFirestore: (snapshot) => mapFields(snapshot.data(), timestampsToNumbers) as T,
  };
}

type MapValue = (name: string, value: unknown) => unknown;

const numbersToTimestamps: MapValue = (name, value) =>
  typeof value === 'number' && name.endsWith('At') ? Timestamp.fromMillis(value) : value;

const timestampsToNumbers: MapValue = (_name, value) => (value instanceof Timestamp ? value.toMillis() : value);

function mapFields(value: unknown, mapValue: MapValue, name = ''): unknown {
  const mapped = mapValue(name, value);
  if (mapped !== value) return mapped;
  if (Array.isArray(value)) return value.map((item) => mapFields(item, mapValue));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapFields(item, mapValue, key)]));
}
