import type { ContentTable } from './content-rows.ts';
import type { BucketRecord, ObjectRecord } from './object-store.ts';
import type { UploadRecord } from './upload-record.ts';

export interface SavedObject {
  readonly record: ObjectRecord;
  readonly contentId: string;
  /** Null for a live object. */
  readonly softDeletion: { readonly softDeletedMs: number; readonly hardDeleteMs: number } | null;
}

export interface SavedUpload {
  readonly upload: UploadRecord;
  /** Null once the upload is finished: its bytes are the object's then. */
  readonly content: { readonly id: string; readonly sizeBytes: number } | null;
}

export interface SavedState {
  readonly buckets: readonly BucketRecord[];
  readonly objects: readonly SavedObject[];
  readonly uploads: readonly SavedUpload[];
  readonly lastGeneration: number;
}

/**
 * Where changes are written down for the next start; memory answers all questions until then.
 *
 * Changes are collected, in order, and `commit` writes all of them or none. It is called before each answer, so no
 * answer tells of a change that a kill could undo. A commit that fails keeps the changes for the next one: until one
 * succeeds, nothing is answered but that failure.
 */
export interface StateFile extends ContentTable {
  /** What the last commit left. */
  load(): SavedState;
  saveBucket(bucket: BucketRecord): void;
  forgetBucket(name: string): void;
  /** Adds a generation or replaces what was saved of it. */
  saveObject(object: SavedObject): void;
  forgetObject(generation: number): void;
  saveUpload(upload: SavedUpload): void;
  forgetUpload(id: string): void;
  saveLastGeneration(generation: number): void;
  commit(): void;
  /** Commits what is left; once closed, it stays so. */
  close(): void;
}

/** For a server whose state ends with it. */
export const noStateFile: StateFile = {
  lastContentRow: 0,
  saveContent() {},
  forgetContent() {},
  readContent(row) {
    throw new Error(`content row ${row} was never kept`);
  },
  load: () => ({ buckets: [], objects: [], uploads: [], lastGeneration: 0 }),
  saveBucket() {},
  forgetBucket() {},
  saveObject() {},
  forgetObject() {},
  saveUpload() {},
  forgetUpload() {},
  saveLastGeneration() {},
  commit() {},
  close() {},
};
