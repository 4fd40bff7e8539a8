import type { Content } from './content-store.ts';

/** JSON as a client wrote it: what the server keeps without giving it a meaning. */
export type JsonObject = { readonly [key: string]: unknown };

export interface BucketRecord {
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The writable part of the bucket resource, defaults included. */
  readonly settings: JsonObject;
}

/** What a caller may write about an object. */
export interface ObjectFields {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly customTime?: string;
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectRecord {
  readonly bucket: string;
  readonly name: string;
  /** Names one content of this object name for ever; grows with each write, in microseconds of the clock. */
  readonly generation: number;
  readonly metageneration: number;
  readonly sizeBytes: number;
  readonly crc32c: string;
  /** Null for a composed object, as at Google. */
  readonly md5: string | null;
  readonly componentCount: number | null;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly fields: ObjectFields;
}

export interface SoftDeletedObject {
  readonly record: ObjectRecord;
  readonly softDeletedMs: number;
  readonly hardDeleteMs: number;
}

/**
 * Where buckets and objects live: their records in memory, their bytes wherever a `ContentStore` has them.
 *
 * Every method is synchronous. A handler checks its preconditions and writes without an `await` between,
 * so no other request can come between check and write. An implementation must keep that.
 */
export interface ObjectStore {
  bucket(name: string): BucketRecord | undefined;
  /** In order of their names. */
  buckets(): readonly BucketRecord[];
  putBucket(bucket: BucketRecord): void;
  /** The caller has seen that no live object is left in it. */
  removeBucket(name: string): void;

  object(bucket: string, name: string): ObjectRecord | undefined;
  /** Live objects of a bucket in the UTF-8 order of their names. */
  objects(bucket: string): readonly ObjectRecord[];
  content(record: ObjectRecord): Content;
  /** Makes a content the live one; what was live under that name is gone unless it was soft-deleted first. */
  putObject(record: ObjectRecord, content: Content): void;
  /** Replaces the record of a generation that exists and leaves its content. */
  putObjectRecord(record: ObjectRecord): void;
  removeObject(record: ObjectRecord): void;

  softDelete(deleted: SoftDeletedObject): void;
  /** In order of name, then generation; those whose time is over at `nowMs` are dropped for good. */
  softDeletedObjects(bucket: string, nowMs: number): readonly SoftDeletedObject[];
  softDeletedContent(deleted: SoftDeletedObject): Content;
  /** Drops for good what is over at `nowMs`, in all buckets. */
  dropExpired(nowMs: number): void;

  /** Never the same twice, and never smaller than one given before, even when the clock stands still or goes back, or after a restart. */
  nextGeneration(nowMs: number): number;
}
