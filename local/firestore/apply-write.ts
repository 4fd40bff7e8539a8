import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import type { CheckedWrite, FieldChange } from './check-write.ts';
import { checkDocumentSize } from './document-size.ts';
import { fieldAt, withFieldAt } from './field-path.ts';
import type { Micros } from './micros.ts';
import { applyTransforms } from './transforms.ts';
import type { Fields, Value } from './value.ts';

/** What a write finds: a document that exists, or undefined. */
export interface ExistingDocument {
  readonly fields: Fields;
  readonly updateTime: Micros;
}

export interface AppliedWrite {
  /** null when the document is gone. */
  readonly fields: Fields | null;
  readonly transformResults: readonly Value[];
}

function checkPrecondition(write: CheckedWrite, existing: ExistingDocument | undefined): void {
  const { name, exists, updateTime } = write;
  if (exists === true && existing === undefined) {
    throw new GrpcStatusError(grpc.status.NOT_FOUND, `No document to update: ${name}`);
  }
  if (exists === false && existing !== undefined) {
    throw new GrpcStatusError(grpc.status.ALREADY_EXISTS, `Document already exists: ${name}`);
  }
  const stored = existing?.updateTime ?? 0;
  if (updateTime === undefined || updateTime === stored) return;
  throw new GrpcStatusError(
    grpc.status.FAILED_PRECONDITION,
    `the stored version (${stored}) does not match the required base version (${updateTime}) of ${name}`,
  );
}

function changedFields({ fields: written, mask }: FieldChange, existing: ExistingDocument | undefined): Fields {
  if (mask === undefined) return written;
  let fields = existing?.fields ?? {};
  for (const path of mask) fields = withFieldAt(fields, path, fieldAt(written, path));
  return fields;
}

/**
 * What one write makes of a document. Pure: `time` is the commit's.
 * Throws the status that Google answers with when the precondition fails or the document becomes too large.
 */
export function applyWrite(write: CheckedWrite, existing: ExistingDocument | undefined, time: Micros): AppliedWrite {
  checkPrecondition(write, existing);
  const { name, path, change } = write;
  if (change === null) return { fields: null, transformResults: [] };
  const { fields, results } = applyTransforms(changedFields(change, existing), change.transforms, time);
  checkDocumentSize(name, path, fields);
  return { fields, transformResults: results };
}
