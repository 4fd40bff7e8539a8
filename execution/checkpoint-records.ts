import type { CheckpointRef, DeleteSessionAction, ForkAction, RewindAction } from '../schemas/generated/messages.ts';
import type { RefusalCode } from './error-codes.ts';

/** A checkpoint of a session; what its manifest and its state are is in the bucket. */
export interface CheckpointRecord extends CheckpointRef {
  readonly sessionId: string;
  /** The execution that left its content; null: what no command did to the files before it. */
  readonly executionId: string | null;
  readonly createdAt: number;
  /** The shell's directory; absent: not known. */
  readonly cwd?: string;
  /** How it came to be; absent: an execution left it. */
  readonly origin?: CheckpointOrigin;
}

export type CheckpointOrigin =
  /** The content of its parent again. */
  | { readonly kind: 'rewind'; readonly operationId: string }
  /** Its parent's content, changed by a request for files. */
  | { readonly kind: 'files'; readonly requestId: string }
  /** The content of this checkpoint of another session, with which this one begins. */
  | { readonly kind: 'fork'; readonly sessionId: string };

/** What became of a rewind, a fork or a deletion; written together with it. */
export interface OperationRecord {
  readonly operationId: string;
  readonly sessionId: string;
  /** What was asked for: the same id with something else is a conflict. */
  readonly action: SessionOperation;
  readonly result: /** Number of the checkpoint that the session, or its fork, goes on from; null after a deletion. */
    | { readonly kind: 'done'; readonly checkpoint: number | null }
    | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };
  readonly decidedAt: number;
  readonly expireAt: number;
}

/** What is asked of a session at rest and takes effect in one transaction. */
export type SessionOperation = RewindAction | ForkAction | DeleteSessionAction;

/** Which checkpoints of a session are listed. */
export interface CheckpointQuery {
  readonly limit: number;
  /** Only those with a higher number. */
  readonly above: number;
  /** Only those with a lower number; absent: all. */
  readonly below?: number;
}
