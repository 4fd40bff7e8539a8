import type { RetentionRecords } from '../execution/retention-records.ts';
import type { CheckpointRef } from '../schemas/generated/messages.ts';
import type { ListedObject } from './decide-collection.ts';

/** What collecting a folder needs from outside. */
export interface FolderPorts extends Pick<RetentionRecords, 'readRoots'> {
  /** Everything below a prefix. */
  listObjects(prefix: string): Promise<readonly ListedObject[]>;
  /** Names of all objects that the checkpoints lead to. Rejects when one of them cannot be followed. */
  followCheckpoints(checkpoints: readonly CheckpointRef[]): Promise<ReadonlySet<string>>;
  /** Deletes the content that was listed, and no other; false when it is not there any more. May be repeated. */
  deleteObject(object: ListedObject): Promise<boolean>;
  now(): number;
}

/** What a round needs from outside. */
export interface RetentionPorts extends FolderPorts, RetentionRecords {
  /** Names of the folders directly below a prefix, such as `sessions/`. */
  listFolders(prefix: string): Promise<readonly string[]>;
  /** The same, and what `listObjects` lists, a page at a time: there may be more than fit in memory. */
  pageFolders(prefix: string): AsyncIterable<readonly string[]>;
  pageObjects(prefix: string): AsyncIterable<readonly ListedObject[]>;
}
