import type { BucketRecord, ObjectRecord, SoftDeletedObject } from './object-store.ts';

/** Of every project here. */
export const projectNumber = '1';

export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

export function etagOf(version: { readonly generation: number; readonly metageneration: number }): string {
  return Buffer.from(`${version.generation}/${version.metageneration}`).toString('base64');
}

/** A bucket as the JSON API shows it. */
export function bucketResource(bucket: BucketRecord, origin: string): Record<string, unknown> {
  return {
    ...bucket.settings,
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `${origin}/storage/v1/b/${bucket.name}`,
    name: bucket.name,
    projectNumber,
    generation: String(bucket.generation),
    metageneration: String(bucket.metageneration),
    etag: etagOf(bucket),
    timeCreated: timestamp(bucket.createdMs),
    updated: timestamp(bucket.updatedMs),
  };
}

/** An object as the JSON API shows it: 64-bit numbers as strings, absent fields left out. */
export function objectResource(record: ObjectRecord, origin: string): Record<string, unknown> {
  const path = `b/${record.bucket}/o/${encodeURIComponent(record.name)}`;
  const created = timestamp(record.createdMs);
  return {
    ...record.fields,
    kind: 'storage#object',
    id: `${record.bucket}/${record.name}/${record.generation}`,
    selfLink: `${origin}/storage/v1/${path}`,
    mediaLink: `${origin}/download/storage/v1/${path}?generation=${record.generation}&alt=media`,
    name: record.name,
    bucket: record.bucket,
    generation: String(record.generation),
    metageneration: String(record.metageneration),
    storageClass: record.fields.storageClass ?? 'STANDARD',
    size: String(record.sizeBytes),
    ...(record.md5 === null ? {} : { md5Hash: record.md5 }),
    ...(record.componentCount === null ? {} : { componentCount: record.componentCount }),
    crc32c: record.crc32c,
    etag: etagOf(record),
    timeCreated: created,
    updated: timestamp(record.updatedMs),
    timeStorageClassUpdated: created,
    timeFinalized: created,
  };
}

export function softDeletedResource(deleted: SoftDeletedObject, origin: string): Record<string, unknown> {
  return {
    ...objectResource(deleted.record, origin),
    softDeleteTime: timestamp(deleted.softDeletedMs),
    hardDeleteTime: timestamp(deleted.hardDeleteMs),
  };
}
