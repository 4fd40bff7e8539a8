import type { Delivery } from '../execution/delivery.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { ExecRequest, ObjectRef } from '../schemas/generated/messages.ts';

/** What the dead-letter service needs from outside. A rejected call means: nothing is known, deliver again. */
export interface DeadLetterPorts {
  /** Stores the record unless its id is taken. */
  create(record: DeadLetterRecord): Promise<boolean>;
  /** Reads, decides, stores `writes`; runs `decide` again on contention. */
  transact<D extends { readonly writes?: DeadLetterRecord }>(
    deadLetterId: string,
    decide: (record: DeadLetterRecord | undefined) => D,
  ): Promise<D>;
  read(deadLetterId: string): Promise<DeadLetterRecord | null>;
  isAccepted(executionId: string): Promise<boolean>;
  readObject(object: string): Promise<Uint8Array>;
  /** May be repeated. */
  writeObject(object: string, bytes: Uint8Array): Promise<ObjectRef>;
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
