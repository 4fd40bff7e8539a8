import type { CheckpointRecord } from '../execution/checkpoint-records.ts';
import type { FileRequestRecord } from '../execution/file-request-record.ts';
import type { ExecutionRecord, FinishedExecution, SessionRecord, StoredRecords } from '../execution/records.ts';
import type { CheckpointRef } from '../schemas/generated/messages.ts';
import type { ListedObject } from './decide-collection.ts';
import type { ExpiryDecision, RemovalDecision } from './decide-expiry.ts';

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

/** What collecting a folder needs from outside. */
export interface FolderPorts {
  /** Everything below a prefix. */
  listObjects(prefix: string): Promise<readonly ListedObject[]>;
  /** Read in one transaction: no commit happens between two of the reads. */
  readRoots(sessionId: string): Promise<FolderRoots>;
  /** Names of all objects that the checkpoints lead to. Rejects when one of them cannot be followed. */
  followCheckpoints(checkpoints: readonly CheckpointRef[]): Promise<ReadonlySet<string>>;
  /** Deletes the content that was listed, and no other; false when it is not there any more. May be repeated. */
  deleteObject(object: ListedObject): Promise<boolean>;
  now(): number;
}

/** What a round needs from outside. */
export interface RetentionPorts extends FolderPorts {
  /** By id; those after `after`. */
  listSessions(limit: number, after?: string): Promise<readonly SessionRecord[]>;
  getSession(sessionId: string): Promise<SessionRecord | null>;
  listCheckpoints(sessionId: string): Promise<readonly CheckpointRecord[]>;
  /** Numbers of the session's checkpoints that other sessions were forked from, or that its executions are to start from. */
  listNamed(sessionId: string): Promise<ReadonlySet<number>>;
  /** One transaction over a session; runs `decide` again on contention. */
  transactSession<D extends ExpiryDecision | RemovalDecision>(
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
  /** Names of the folders directly below a prefix, such as `sessions/`. */
  listFolders(prefix: string): Promise<readonly string[]>;
  /** The same, and what `listObjects` lists, a page at a time: there may be more than fit in memory. */
  pageFolders(prefix: string): AsyncIterable<readonly string[]>;
  pageObjects(prefix: string): AsyncIterable<readonly ListedObject[]>;
  /** Which of the ids have a record. */
  findRecords(collection: 'executions' | 'deadLetters', ids: readonly string[]): Promise<ReadonlySet<string>>;
}
