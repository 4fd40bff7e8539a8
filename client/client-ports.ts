import type { Readable } from 'node:stream';
import type { CheckpointQuery, CheckpointRecord, OperationRecord } from '../execution/checkpoint-records.ts';
import type { Load } from '../execution/choose-turns.ts';
import type { DeadLetterFilter, DeadLetterQuery } from '../execution/dead-letter.ts';
import type { ExecutionFilter } from '../execution/execution-filter.ts';
import type { FileRequestRecord } from '../execution/file-request-record.ts';
import type { OverdueRecords } from '../execution/overdue.ts';
import type { DeadLetterRecord, ExecutionRecord, SessionRecord, WaitingTurn } from '../execution/records.ts';
import type { DeploymentLimits } from '../execution/tenant-limits.ts';
import type { WebhookRecord } from '../execution/webhook-record.ts';
import type { TenantDocument } from '../schemas/generated/messages.ts';
import type { SecretsPublicKey } from '../signing/sealed-secrets.ts';

/** Bytes that are not all in memory. */
export interface StreamedBytes {
  readonly bytes: number;
  /** From the first byte on, as often as it is called. */
  open(): Readable;
}

export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

export interface IncomingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FileRequestIds {
  readonly sessionId: string;
  readonly requestId: string;
}

/** Calls back with the present record, then after each change, until the returned function is called. */
export type WatchRecord<T, Id = string> = (
  id: Id,
  onRecord: (record: T | null) => void,
  onError: (error: Error) => void,
) => () => void;

/** What the SDK needs from outside. A rejection is a PipelineError; every call but `publish` may be repeated freely. */
export interface ClientPorts {
  /** Resolves when publishing and watching can begin; rejects where it is known by then that they cannot. */
  prepare(): Promise<unknown>;
  /** Resolves with the message's id once it is stored. Repeated, the message may be stored twice: readers know it by its ids. */
  publish(topic: string, message: OutgoingMessage): Promise<string>;
  /** Receives what is published from now on until closed. `filter` is a Pub/Sub filter over attributes. */
  listen(
    topic: string,
    filter: string,
    onMessage: (message: IncomingMessage) => void,
    onError: (error: Error) => void,
  ): Promise<{ close(): Promise<void> }>;
  readObject(object: string): Promise<Uint8Array>;
  /** What an object has from `start` on, at most `bytes`. */
  readObjectPart(object: string, part: { readonly start: number; readonly bytes: number }): Promise<Uint8Array>;
  /**
   * Writes an object that is not there yet. The same bytes may be there already; where others are, it rejects with
   * google/already-exists.
   */
  createObject(object: string, content: Uint8Array | StreamedBytes): Promise<void>;
  /** A URL that reads one object until then, for whoever has it. */
  signRead(object: string, expiresAt: number): Promise<{ readonly url: string }>;
  readonly watchFileRequest: WatchRecord<FileRequestRecord, FileRequestIds>;
  getExecution(executionId: string): Promise<ExecutionRecord | null>;
  readonly watchExecution: WatchRecord<ExecutionRecord>;
  /** Newest first. */
  listExecutions(
    query: ExecutionFilter & { readonly limit: number; readonly before?: number },
  ): Promise<readonly ExecutionRecord[]>;
  getSession(sessionId: string): Promise<SessionRecord | null>;
  readonly watchSession: WatchRecord<SessionRecord>;
  /** Those that were used last first. */
  listSessions(query: { readonly limit: number; readonly before?: number }): Promise<readonly SessionRecord[]>;
  /** Of one session, those with the highest numbers first. */
  listCheckpoints(sessionId: string, query: CheckpointQuery): Promise<readonly CheckpointRecord[]>;
  getCheckpoint(sessionId: string, number: number): Promise<CheckpointRecord | null>;
  readonly watchOperation: WatchRecord<OperationRecord>;
  /** What runs, and what started since then: of one tenant, or of all. */
  countLoad(tenantId: string | null, since: number): Promise<Load>;
  countQueued(tenantId: string): Promise<number>;
  /** Executions that wait for capacity: of a tenant those that go before `rankAt`; of all tenants all. */
  countWaiting(before?: Pick<WaitingTurn, 'tenantId' | 'rankAt'>): Promise<number>;
  /** What stands in the tenant's document, whoever wrote it; null when there is none. */
  readTenant(tenantId: string): Promise<unknown>;
  /** By id. */
  listTenants(query: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly { readonly tenantId: string; readonly document: unknown }[]>;
  /** Stores what is decided in place of the document, in one transaction. */
  changeTenant(tenantId: string, decide: (document: unknown) => TenantDocument): Promise<TenantDocument>;
  /** What the dispatchers of the deployment told; null: nothing yet. */
  readLimits(): Promise<DeploymentLimits | null>;
  /** What secrets are sealed to; null: the deployment takes none. */
  readSecretsKey(): Promise<SecretsPublicKey | null>;
  /** What somebody should have seen to by `now`, at most `limit` of each kind. */
  findOverdue(now: number, limit: number): Promise<OverdueRecords>;
  getDeadLetter(deadLetterId: string): Promise<DeadLetterRecord | null>;
  readonly watchDeadLetter: WatchRecord<DeadLetterRecord>;
  listDeadLetters(query: DeadLetterQuery): Promise<readonly DeadLetterRecord[]>;
  countDeadLetters(filter: DeadLetterFilter): Promise<number>;
  getWebhook(webhookId: string): Promise<WebhookRecord | null>;
  readonly watchWebhook: WatchRecord<WebhookRecord>;
  listWebhooks(): Promise<readonly WebhookRecord[]>;
  /** The key that secrets of webhooks follow from; null where the caller has none. */
  readonly webhookKey: string | null;
  now(): number;
  /** A random id that nobody can guess. */
  newId(): string;
  /** Every call after it rejects with client/closed, but for another `close`. */
  close(): Promise<void>;
}
