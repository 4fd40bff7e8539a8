import type { Delivery } from '../execution/delivery.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { ResultIdentity } from '../execution/judge-result.ts';
import type { DeadLetterRecord, RecordWrites, StoredRecords } from '../execution/records.ts';
import type { CompletionEvent, ExecRequest, ObjectRef } from '../schemas/generated/messages.ts';

/** What the dead-letter service needs from outside. A rejected call means: nothing is known, deliver again. */
export interface DeadLetterPorts {
  /** Stores the record unless its id is taken. */
  create(record: DeadLetterRecord): Promise<boolean>;
  /** Reads, decides, stores `writes`; runs `decide` again on contention. */
  transact<D extends { readonly writes?: DeadLetterRecord }>(
    deadLetterId: string,
    decide: (record: DeadLetterRecord | undefined) => D,
  ): Promise<D>;
  /** The same for an execution and, when it is named, its session. */
  transactExecution<D extends { readonly writes?: RecordWrites }>(
    ids: { readonly executionId: string; readonly sessionId?: string },
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  /** Number of the checkpoint that a session stands at; 0 is the empty workspace. */
  headOf(sessionId: string): Promise<number>;
  read(deadLetterId: string): Promise<DeadLetterRecord | null>;
  isAccepted(executionId: string): Promise<boolean>;
  /** Whether the signature of a result is that of the launch which it names. */
  isSigned(result: ResultIdentity, data: Uint8Array, signature: string | undefined): boolean;
  readObject(object: string): Promise<Uint8Array>;
  /** May be repeated. */
  writeObject(object: string, bytes: Uint8Array): Promise<ObjectRef>;
  /** Publishes the end of an execution that no executor will speak for. May be repeated. */
  publishCompletion(event: CompletionEvent): Promise<void>;
  /** Resolves when another replay may be published. */
  pace(): Promise<void>;
  publishRequest(request: ExecRequest): Promise<void>;
  publish(
    topic: string,
    message: {
      readonly data: Uint8Array;
      readonly attributes: Readonly<Record<string, string>>;
      readonly orderingKey?: string;
    },
  ): Promise<string>;
  deadLetter(delivery: Delivery, code: ErrorCode, reason: string): Promise<void>;
  now(): number;
}
