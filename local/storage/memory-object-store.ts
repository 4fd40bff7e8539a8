import { compareUtf8 } from './compare-utf8.ts';
import type { BucketRecord, ObjectRecord, ObjectStore, SoftDeletedObject } from './object-store.ts';

interface Stored {
  readonly record: ObjectRecord;
  readonly content: Buffer;
}

interface BucketContents {
  readonly live: Map<string, Stored>;
  /** By name and generation. */
  readonly softDeleted: Map<string, SoftDeletedObject & { readonly content: Buffer }>;
  /** The sorted records, built when they are asked for and dropped by the next write. */
  listing: readonly ObjectRecord[] | null;
}

export function createMemoryObjectStore(): ObjectStore {
  const buckets = new Map<string, BucketRecord>();
  const contents = new Map<string, BucketContents>();
  let lastGeneration = 0;

  const contentsOf = (bucket: string): BucketContents => {
    const known = contents.get(bucket);
    if (known !== undefined) return known;
    const fresh: BucketContents = { live: new Map(), softDeleted: new Map(), listing: null };
    contents.set(bucket, fresh);
    return fresh;
  };
  const liveOf = (record: ObjectRecord): Stored => {
    const stored = contentsOf(record.bucket).live.get(record.name);
    if (stored?.record.generation !== record.generation) throw new Error(`not live: ${describe(record)}`);
    return stored;
  };

  return {
    bucket: (name) => buckets.get(name),
    buckets: () => [...buckets.values()].sort((a, b) => compareUtf8(a.name, b.name)),
    putBucket: (bucket) => void buckets.set(bucket.name, bucket),
    removeBucket(name) {
      buckets.delete(name);
      contents.delete(name);
    },

    object: (bucket, name) => contents.get(bucket)?.live.get(name)?.record,
    objects(bucket) {
      const known = contentsOf(bucket);
      known.listing ??= [...known.live.values()]
        .map(({ record }) => record)
        .sort((a, b) => compareUtf8(a.name, b.name));
      return known.listing;
    },
    content: (record) => liveOf(record).content,
    putObject(record, content) {
      const known = contentsOf(record.bucket);
      known.live.set(record.name, { record, content });
      known.listing = null;
    },
    putObjectRecord(record) {
      const { content } = liveOf(record);
      const known = contentsOf(record.bucket);
      known.live.set(record.name, { record, content });
      known.listing = null;
    },
    removeObject(record) {
      liveOf(record);
      const known = contentsOf(record.bucket);
      known.live.delete(record.name);
      known.listing = null;
    },

    softDelete(deleted) {
      const { content } = liveOf(deleted.record);
      contentsOf(deleted.record.bucket).softDeleted.set(describe(deleted.record), { ...deleted, content });
    },
    softDeletedObjects(bucket, nowMs) {
      const { softDeleted } = contentsOf(bucket);
      for (const [key, { hardDeleteMs }] of softDeleted) if (hardDeleteMs <= nowMs) softDeleted.delete(key);
      return [...softDeleted.values()].sort(
        ({ record: a }, { record: b }) => compareUtf8(a.name, b.name) || a.generation - b.generation,
      );
    },
    softDeletedContent(deleted) {
      const stored = contentsOf(deleted.record.bucket).softDeleted.get(describe(deleted.record));
      if (stored === undefined) throw new Error(`not soft-deleted: ${describe(deleted.record)}`);
      return stored.content;
    },

    nextGeneration(nowMs) {
      lastGeneration = Math.max(lastGeneration + 1, nowMs * 1000);
      return lastGeneration;
    },
  };
}

function describe(record: ObjectRecord): string {
  return `${record.bucket}/${record.name}#${record.generation}`;
}
