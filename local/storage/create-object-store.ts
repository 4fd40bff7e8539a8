import { compareUtf8 } from './compare-utf8.ts';
import type { Content, ContentStore } from './content-store.ts';
import type { ObjectRecord, ObjectStore, SoftDeletedObject } from './object-store.ts';
import type { SavedState, StateFile } from './state-file.ts';

interface Stored {
  readonly record: ObjectRecord;
  readonly content: Content;
}

type StoredSoftDeleted = SoftDeletedObject & Stored;

interface BucketContents {
  readonly live: Map<string, Stored>;
  /** By generation: there may be several of one name. */
  readonly softDeleted: Map<number, StoredSoftDeleted>;
  /** The sorted records, built when they are asked for and dropped by the next write. */
  listing: readonly ObjectRecord[] | null;
}

/** Records in memory, beginning with what was saved; each change goes to `file`, each content is held as long as a record has it. */
export function createObjectStore(file: StateFile, contents: ContentStore, saved: SavedState): ObjectStore {
  const buckets = new Map(saved.buckets.map((bucket) => [bucket.name, bucket]));
  const contentsByBucket = new Map<string, BucketContents>();
  let lastGeneration = saved.lastGeneration;

  const contentsOf = (bucket: string): BucketContents => {
    const known = contentsByBucket.get(bucket);
    if (known !== undefined) return known;
    const fresh: BucketContents = { live: new Map(), softDeleted: new Map(), listing: null };
    contentsByBucket.set(bucket, fresh);
    return fresh;
  };
  const liveOf = (record: ObjectRecord): Stored => {
    const stored = contentsOf(record.bucket).live.get(record.name);
    if (stored?.record.generation !== record.generation) throw new Error(`not live: ${describe(record)}`);
    return stored;
  };
  /** What is live no longer; the file keeps it if it was soft-deleted before. */
  const forgetLive = ({ record, content }: Stored): void => {
    contents.release(content);
    if (!contentsOf(record.bucket).softDeleted.has(record.generation)) file.forgetObject(record.generation);
  };
  const forgetSoftDeleted = ({ record, content }: StoredSoftDeleted): void => {
    contentsOf(record.bucket).softDeleted.delete(record.generation);
    contents.release(content);
    file.forgetObject(record.generation);
  };
  const dropExpired = (bucket: string, nowMs: number): void => {
    for (const deleted of contentsOf(bucket).softDeleted.values()) {
      if (deleted.hardDeleteMs <= nowMs) forgetSoftDeleted(deleted);
    }
  };

  for (const { record, contentId, softDeletion } of saved.objects) {
    const content = contents.reopen(contentId, record.sizeBytes);
    contents.hold(content);
    const { live, softDeleted } = contentsOf(record.bucket);
    if (softDeletion === null) live.set(record.name, { record, content });
    else softDeleted.set(record.generation, { record, content, ...softDeletion });
  }

  return {
    bucket: (name) => buckets.get(name),
    buckets: () => [...buckets.values()].sort((a, b) => compareUtf8(a.name, b.name)),
    putBucket(bucket) {
      buckets.set(bucket.name, bucket);
      file.saveBucket(bucket);
    },
    removeBucket(name) {
      for (const deleted of contentsOf(name).softDeleted.values()) forgetSoftDeleted(deleted);
      buckets.delete(name);
      contentsByBucket.delete(name);
      file.forgetBucket(name);
    },

    object: (bucket, name) => contentsByBucket.get(bucket)?.live.get(name)?.record,
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
      const replaced = known.live.get(record.name);
      contents.hold(content);
      known.live.set(record.name, { record, content });
      known.listing = null;
      file.saveObject({ record, contentId: content.id, softDeletion: null });
      if (replaced !== undefined) forgetLive(replaced);
    },
    putObjectRecord(record) {
      const { content } = liveOf(record);
      const known = contentsOf(record.bucket);
      known.live.set(record.name, { record, content });
      known.listing = null;
      file.saveObject({ record, contentId: content.id, softDeletion: null });
    },
    removeObject(record) {
      const stored = liveOf(record);
      const known = contentsOf(record.bucket);
      known.live.delete(record.name);
      known.listing = null;
      forgetLive(stored);
    },

    softDelete({ record, softDeletedMs, hardDeleteMs }) {
      const { content } = liveOf(record);
      contents.hold(content);
      contentsOf(record.bucket).softDeleted.set(record.generation, { record, softDeletedMs, hardDeleteMs, content });
      file.saveObject({ record, contentId: content.id, softDeletion: { softDeletedMs, hardDeleteMs } });
    },
    softDeletedObjects(bucket, nowMs) {
      dropExpired(bucket, nowMs);
      return [...contentsOf(bucket).softDeleted.values()].sort(
        ({ record: a }, { record: b }) => compareUtf8(a.name, b.name) || a.generation - b.generation,
      );
    },
    softDeletedContent({ record }) {
      const stored = contentsOf(record.bucket).softDeleted.get(record.generation);
      if (stored === undefined) throw new Error(`not soft-deleted: ${describe(record)}`);
      return stored.content;
    },
    dropExpired(nowMs) {
      for (const bucket of contentsByBucket.keys()) dropExpired(bucket, nowMs);
    },

    nextGeneration(nowMs) {
      lastGeneration = Math.max(lastGeneration + 1, nowMs * 1000);
      file.saveLastGeneration(lastGeneration);
      return lastGeneration;
    },
  };
}

function describe(record: ObjectRecord): string {
  return `${record.bucket}/${record.name}#${record.generation}`;
}
