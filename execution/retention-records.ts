import type { CheckpointRef } from '../schemas/generated/messages.ts';
import type { CheckpointRecord } from './checkpoint-records.ts';
import type { FileRequestRecord } from './file-request-record.ts';
import type { ExecutionRecord, FinishedExecution, RecordWrites, SessionRecord, StoredRecords } from './records.ts';

/** What leads into a session's folder, all of one moment. */
export interface FolderRoots {
  readonly session: SessionRecord | null;
  /** Checkpoints of the session and of those that were forked from it, and what unfinished executions of them start from. */
  readonly checkpoints: readonly CheckpointRef[];
  /** Sessions, besides the one whose folder it is, that have some of these checkpoints. */
  readonly forks: readonly string[];
  /** When each lease of the session that is held was launched. */
  readonly launchedAt: readonly number[];
}

/** The records as retention reads and changes them. */
export interface RetentionRecords {
  /** By id; those after `after`. */
  listSessions(limit: number, after?: string): Promise<readonly SessionRecord[]>;
  getSession(sessionId: string): Promise<SessionRecord | null>;
  /** By number. */
  listCheckpoints(sessionId: string): Promise<readonly CheckpointRecord[]>;
  /** Numbers of the session's checkpoints that other sessions were forked from, or that its executions are to start from. */
  listNamed(sessionId: string): Promise<ReadonlySet<number>>;
  /** One transaction over a session; runs `decide` again on contention. */
  transactSession<D extends { readonly writes?: RecordWrites; readonly deletedSessionId?: string }>(
    sessionId: string,
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  /** Deletes a checkpoint's record, if `decide` says so of the session as it is then. Resolves with whether it did. */
  deleteCheckpoint(
    sessionId: string,
    number: number,
    decide: (session: SessionRecord | undefined) => boolean,
  ): Promise<boolean>;
  /** Executions of a session that were accepted by then, the newest first. */
  listExecutions(sessionId: string, acceptedUntil: number, limit: number): Promise<readonly ExecutionRecord[]>;
  /** In the place of a finished one. May be repeated. */
  replaceExecution(execution: FinishedExecution): Promise<void>;
  /** Puts what `erase` makes of each of a session's requests for files, and of when it was stored, in its place. */
  replaceFileRequests(
    sessionId: string,
    erase: (record: FileRequestRecord, storedAt: number) => FileRequestRecord | null,
  ): Promise<void>;
  /** Read in one transaction: no commit happens between two of the reads. */
  readRoots(sessionId: string): Promise<FolderRoots>;
  /** Which of the ids have a record. */
  findRecords(collection: 'executions' | 'deadLetters', ids: readonly string[]): Promise<ReadonlySet<string>>;
}
