import type { ObjectRef } from '../schemas/generated/messages.ts';
import type { FileOperation } from './file-operation.ts';

/** Operations, or where they stand when they are long. */
export type StoredOperations =
  | { readonly kind: 'inline'; readonly operations: readonly FileOperation[] }
  | { readonly kind: 'object'; readonly ref: ObjectRef };

/** Answers as JSON, or where they stand when they are long. */
export type StoredAnswers =
  | { readonly kind: 'inline'; readonly json: string }
  | { readonly kind: 'object'; readonly ref: ObjectRef }
  /** None of the operations was carried out. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

interface FileRequestBase {
  readonly requestId: string;
  readonly sessionId: string;
  /** Nothing is begun after it. */
  readonly endsAt: number;
  readonly expireAt: number;
}

/** Waits for the executor that runs a command in the session. */
export interface OfferedFileRequest extends FileRequestBase {
  readonly state: 'offered';
  readonly operations: StoredOperations;
  /** Since when; only what waits has it, and what waits is searched by it. */
  readonly waitsSinceAt: number;
}

/** An executor has it: from here on it may have been carried out, and it is given to no other. */
export interface TakenFileRequest extends FileRequestBase {
  readonly state: 'taken';
  readonly operations: StoredOperations;
  readonly takenBy: { readonly leaseId: string; readonly executionId: string; readonly generation: number };
}

export interface DoneFileRequest extends FileRequestBase {
  readonly state: 'done';
  readonly answers: StoredAnswers;
  /** The checkpoint that it made; null: none, or it was carried out beside a command, whose checkpoint has it. */
  readonly checkpoint: number | null;
}

/** A request for files and what became of it: sessions/{id}/fileRequests/{requestId}. */
export type FileRequestRecord = OfferedFileRequest | TakenFileRequest | DoneFileRequest;

/** Answers that are longer stand in the bucket. */
export const inlineAnswersBytes = 16 * 1024;
export const inlineOperationsBytes = 256 * 1024;
