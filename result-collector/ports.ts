import type { Delivery } from '../execution/delivery.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { JobEvidence } from '../execution/job-evidence.ts';
import type { ExecutionRecord, LeaseRecord, OutboxRecord, RecordWrites, StoredRecords } from '../execution/records.ts';
import type { WebhookRecord } from '../execution/webhook-record.ts';
import type { CompletionEvent, Notification, WakeUp, WebhookDelivery } from '../schemas/generated/messages.ts';

/** What the result collector needs from outside. A rejected call means: nothing is known, deliver again. */
export interface CollectorPorts {
  /** One transaction: reads the records, stores `writes`; runs `decide` again on contention. */
  transact<D extends { readonly writes?: RecordWrites }>(
    ids: { readonly executionId: string; readonly sessionId: string } | { readonly leaseId: string },
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  /** Whether the signature is that of the launch which the event names. */
  isSigned(event: CompletionEvent, data: Uint8Array, signature: string | undefined): boolean;
  /** Tells subscribers of a stored outcome. May be repeated. */
  notify(notification: Notification): Promise<void>;
  /** Tells the dispatcher to look at an execution. May be repeated. */
  wake(wakeUp: WakeUp): Promise<void>;
  /** Webhooks that are active; known to the second. None where they are off. */
  findWebhooks(): Promise<readonly WebhookRecord[]>;
  /** Has a notification posted to a webhook. May be repeated. */
  publishWebhook(delivery: WebhookDelivery): Promise<void>;
  /** Whether an execution waits for capacity; known to the second. */
  isAnyoneWaiting(): Promise<boolean>;
  /** Strikes an announced outcome off the outbox. May be repeated. */
  settle(executionId: string): Promise<void>;
  /** Publishes the delivery to the dead-letter topic. May be repeated: it is the same dead letter. */
  deadLetter(delivery: Delivery, code: ErrorCode, reason: string): Promise<void>;
  now(): number;
}

/** What announcing an outcome needs. */
export type AnnouncePorts = Pick<
  CollectorPorts,
  'notify' | 'wake' | 'settle' | 'isAnyoneWaiting' | 'findWebhooks' | 'publishWebhook'
>;

/** What a round of the sweeper needs beside. */
export interface SweeperPorts extends AnnouncePorts, Pick<CollectorPorts, 'transact' | 'deadLetter' | 'now'> {
  /** Outcomes that were stored before `storedBefore` and are still owed to subscribers, oldest first. */
  findOwed(storedBefore: number, limit: number, after?: OutboxRecord): Promise<readonly OutboxRecord[]>;
  /** Executions whose end was decided before `owedBefore` and is not collected yet, oldest first. */
  findOwedEnds(owedBefore: number, limit: number, after?: ExecutionRecord): Promise<readonly ExecutionRecord[]>;
  /** Whether an owed end is to be published again now; each true counts as published. */
  isEndDue(executionId: string): boolean;
  /** Leases whose time is over at `now`, oldest first. */
  findExpiredLeases(now: number, limit: number, after?: LeaseRecord): Promise<readonly LeaseRecord[]>;
  /** What the launcher knows of the job that was started for a lease; never rejects. */
  inspectJob(lease: LeaseRecord): Promise<JobEvidence>;
  /** Publishes the end of an execution that no executor will speak for. May be repeated. */
  publishCompletion(event: CompletionEvent): Promise<void>;
}
