import type { CheckpointRecord } from './checkpoint-records.ts';
import type { FileRequestRecord } from './file-request-record.ts';
import type { ExecutionRecord, SessionRecord } from './records.ts';

/** What a decision about a request for files sees, all of one moment. */
export interface StoredForFiles {
  readonly session?: SessionRecord;
  readonly request?: FileRequestRecord;
  /** The execution whose turn it is. */
  readonly active?: ExecutionRecord;
  /** The execution whose executor took the request. */
  readonly taker?: ExecutionRecord;
}

/** What it stores. */
export interface FileWrites {
  readonly session?: SessionRecord;
  readonly checkpoint?: CheckpointRecord;
  readonly request?: FileRequestRecord;
}
