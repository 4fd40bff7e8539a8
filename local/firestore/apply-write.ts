import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { checkFields } from './check-fields.ts';
import { checkDocumentSize } from './document-size.ts';
import { fieldAt, parseWritableFieldPath, withFieldAt } from './field-path.ts';
import { invalidArgument, limits } from './limits.ts';
import { fromWireTimestamp, type Micros } from './micros.ts';
import { applyTransforms, type FieldTransform } from './transforms.ts';
import type { Fields, Value, WireTimestamp } from './value.ts';

export interface Precondition {
  readonly exists?: boolean;
  readonly updateTime?: WireTimestamp;
}

/** A write as the wire carries it: `update`, `delete` or `transform` is set. */
export interface Write {
  readonly update?: { readonly name: string; readonly fields: Fields };
  readonly delete?: string;
  readonly transform?: { readonly document: string; readonly fieldTransforms: readonly FieldTransform[] };
  readonly updateMask?: { readonly fieldPaths: readonly string[] } | null;
  readonly updateTransforms?: readonly FieldTransform[];
  readonly currentDocument?: Precondition | null;
}

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

/** The full name of the document that a write is about. */
export function targetOf(write: Write): string {
  const name = write.update?.name ?? write.delete ?? write.transform?.document;
  if (name !== undefined) return name;
  throw invalidArgument('A write names no operation: one of update, delete, transform is needed.');
}

function checkPrecondition(name: string, condition: Precondition, existing: ExistingDocument | undefined): void {
  if (condition.exists === true && existing === undefined) {
    throw new GrpcStatusError(grpc.status.NOT_FOUND, `No document to update: ${name}`);
  }
  if (condition.exists === false && existing !== undefined) {
    throw new GrpcStatusError(grpc.status.ALREADY_EXISTS, `Document already exists: ${name}`);
  }
  if (condition.updateTime === undefined) return;
  const required = fromWireTimestamp(condition.updateTime);
  const stored = existing?.updateTime ?? 0;
  if (required === stored) return;
  throw new GrpcStatusError(
    grpc.status.FAILED_PRECONDITION,
    `the stored version (${stored}) does not match the required base version (${required}) of ${name}`,
  );
}

function updatedFields(write: Write, existing: ExistingDocument | undefined): Fields {
  const written = checkFields(write.update?.fields ?? {});
  if (write.updateMask === undefined || write.updateMask === null) return written;
  const paths = write.updateMask.fieldPaths.map(parseWritableFieldPath);
  let fields = existing?.fields ?? {};
  for (const path of paths) fields = withFieldAt(fields, path, fieldAt(written, path));
  return fields;
}

/**
 * What one write makes of a document. Pure: `time` is the commit's.
 * Throws the status that Google answers with when the precondition fails or a rule of values is broken.
 */
export function applyWrite(
  write: Write,
  path: string,
  existing: ExistingDocument | undefined,
  time: Micros,
): AppliedWrite {
  const name = targetOf(write);
  if (write.currentDocument) checkPrecondition(name, write.currentDocument, existing);
  if (write.delete !== undefined) return { fields: null, transformResults: [] };
  const transforms = write.transform?.fieldTransforms ?? write.updateTransforms ?? [];
  if (write.transform !== undefined && transforms.length === 0) {
    throw invalidArgument(`The transform of ${name} has no field transforms.`);
  }
  if (transforms.length > limits.transformsPerDocument) {
    throw invalidArgument(`${name} has ${transforms.length} transforms; ${limits.transformsPerDocument} are allowed.`);
  }
  const base = write.transform === undefined ? updatedFields(write, existing) : (existing?.fields ?? {});
  const { fields, results } = applyTransforms(base, transforms, time);
  checkDocumentSize(name, path, fields);
  return { fields, transformResults: results };
}
