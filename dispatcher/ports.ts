import type { Delivery } from '../execution/delivery.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { LaunchingExecution, RecordWrites, SessionRecord, StoredRecords } from '../execution/records.ts';
import type { CompletionEvent, ObjectRef, WakeUp } from '../schemas/generated/messages.ts';
import type { KeptRoom } from './capacity.ts';

/** What the dispatcher needs from outside. A rejected call means: nothing is known, deliver again. */
export interface DispatcherPorts {
  /** One transaction: reads the records, stores `writes`; runs `decide` again on contention. */
  transact<D extends { readonly writes?: RecordWrites }>(
    ids: {
      readonly executionId?: string;
      readonly sessionId: string;
      readonly checkpoint?: number | 'head';
      readonly checkpointOf?: string;
      readonly operationId?: string;
    },
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  /**
   * Has a job started for the lease of the execution. Rejects with a PipelineError; when it is not retryable no job
   * was started. May start a second job when repeated; the claim lets one of them run.
   */
  launch(execution: LaunchingExecution, traceparent: string | undefined): Promise<void>;
  /** Publishes the end of an execution that no executor will speak for. May be repeated. */
  publishCompletion(event: CompletionEvent): Promise<void>;
  /** Publishes the delivery to the dead-letter topic. May be repeated: it is the same dead letter. */
  deadLetter(delivery: Delivery, code: ErrorCode, reason: string): Promise<void>;
  /** Sessions in which a numbered execution need wait no longer for lower numbers, longest first. */
  findEndedGaps(now: number, limit: number): Promise<readonly SessionRecord[]>;
  /** What stands in the tenant's document, whoever wrote it; null for nothing. */
  readTenant(tenantId: string): Promise<unknown>;
  /** Whether another execution of the tenant may start; a start is kept free until it is taken or released. */
  roomFor(tenantId: string, priority: number): Promise<KeptRoom>;
  /** A launch found no capacity where there seemed to be some. */
  refused(): void;
  /** Asks for a round that gives turns to those that wait for capacity. */
  wantTurns(): void;
  /** Tells the dispatcher to look at an execution. May be repeated. */
  wake(wakeUp: WakeUp): Promise<void>;
  /** Keeps a large request in the bucket. May be repeated. */
  storeRequest(object: string, bytes: Uint8Array): Promise<ObjectRef>;
  now(): number;
  newId(): string;
}
