import type { Content } from './content-store.ts';
import { requireBucket } from './find-object.ts';
import { type Digests, digestsOfBytes, type ExpectedDigests, requireDigests } from './object-digests.ts';
import type { BucketRecord, ObjectFields, ObjectRecord } from './object-store.ts';
import { type Preconditions, requirePreconditions } from './preconditions.ts';
import { invalidArgument, requiredParameter } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

export interface NewObject {
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  /** Asked for once the preconditions hold: a refused write stores no bytes. */
  readonly content: () => StoredContent;
  readonly preconditions: Preconditions;
  readonly expected: ExpectedDigests;
  /** Set for a composed object, which has no MD5. */
  readonly componentCount: number | null;
}

export interface StoredContent {
  readonly content: Content;
  readonly digests: Digests;
}

const maxNameBytes = 1024;

/** Checks and stores one object. Synchronous: between the preconditions and the write no other request is served. */
export function writeObject(state: StorageState, object: NewObject): ObjectRecord {
  const { store, clock } = state;
  const { bucket, name, fields, componentCount } = object;
  requireBucket(state, bucket);
  requireObjectName(name);
  const replaced = store.object(bucket, name);
  requirePreconditions(replaced, object.preconditions);
  const { content, digests } = object.content();
  requireDigests(digests, object.expected);

  const now = clock.now();
  const record: ObjectRecord = {
    bucket,
    name,
    generation: store.nextGeneration(now),
    metageneration: 1,
    sizeBytes: content.sizeBytes,
    crc32c: digests.crc32c,
    md5: componentCount === null ? digests.md5 : null,
    componentCount,
    createdMs: now,
    updatedMs: now,
    fields,
  };
  if (replaced !== undefined) softDeleteByPolicy(state, replaced);
  store.putObject(record, content);
  return record;
}

/** For bytes that came with the request. */
export function newContent(state: StorageState, bytes: Buffer): () => StoredContent {
  return () => ({ content: state.contents.store(bytes), digests: digestsOfBytes(bytes) });
}

export function deleteObject(state: StorageState, record: ObjectRecord): void {
  softDeleteByPolicy(state, record);
  state.store.removeObject(record);
}

export function requireObjectName(name: string): void {
  if (name === '') throw requiredParameter('name');
  if (!name.isWellFormed()) {
    throw invalidArgument(`Invalid value for name: ${JSON.stringify(name)} cannot be written in UTF-8.`);
  }
  const nameBytes = Buffer.byteLength(name);
  if (nameBytes > maxNameBytes) {
    throw invalidArgument(`Invalid value for name: ${nameBytes} bytes, the limit is ${maxNameBytes}.`);
  }
  if (/[\r\n]/.test(name) || name === '.' || name === '..' || name.startsWith('.well-known/acme-challenge/')) {
    throw invalidArgument(`Invalid value for name: ${JSON.stringify(name)} is not allowed as an object name.`);
  }
}

function softDeleteByPolicy(state: StorageState, record: ObjectRecord): void {
  const retentionMs = softDeleteRetentionMs(requireBucket(state, record.bucket));
  if (retentionMs === 0) return;
  const softDeletedMs = state.clock.now();
  state.store.softDelete({ record, softDeletedMs, hardDeleteMs: softDeletedMs + retentionMs });
}

export function softDeleteRetentionMs(bucket: BucketRecord): number {
  const policy = bucket.settings.softDeletePolicy as { readonly retentionDurationSeconds: string };
  return Number(policy.retentionDurationSeconds) * 1000;
}
