import { checkFields } from './check-fields.ts';
import { type FieldPath, parseWritableFieldPath } from './field-path.ts';
import { invalidArgument, limits } from './limits.ts';
import { type Micros, parseWireTimestamp } from './micros.ts';
import { pathInDatabase } from './resource-name.ts';
import { type CompiledTransform, compileTransforms, type FieldTransform } from './transforms.ts';
import type { Fields, WireTimestamp } from './value.ts';

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

/** What a document is written to be: these fields, or with a mask only those of them that it names. */
export interface FieldChange {
  readonly fields: Fields;
  readonly mask: readonly FieldPath[] | undefined;
  readonly transforms: readonly CompiledTransform[];
}

/** A write that keeps to the rules; whether it succeeds depends only on the document that it finds. */
export interface CheckedWrite {
  readonly name: string;
  /** Inside the database. */
  readonly path: string;
  readonly exists: boolean | undefined;
  readonly updateTime: Micros | undefined;
  /** null: the document is to go. */
  readonly change: FieldChange | null;
}

/** The full name of the document that a write is about. */
export function targetOf(write: Write): string {
  const name = write.update?.name ?? write.delete ?? write.transform?.document;
  if (name !== undefined) return name;
  throw invalidArgument('A write names no operation: one of update, delete, transform is needed.');
}

function transformsOf(write: Write, name: string): readonly CompiledTransform[] {
  const transforms = write.transform?.fieldTransforms ?? write.updateTransforms ?? [];
  if (write.transform !== undefined && transforms.length === 0) {
    throw invalidArgument(`The transform of ${name} has no field_transforms.`);
  }
  if (transforms.length > limits.transformsPerDocument) {
    throw invalidArgument(`${name} has ${transforms.length} transforms; ${limits.transformsPerDocument} are allowed.`);
  }
  return compileTransforms(transforms);
}

/** Masks and transforms beside an update belong to it; any other operation refuses them. */
function refuseUpdateParts({ updateMask, updateTransforms = [] }: Write, operation: string): void {
  if (updateMask) throw invalidArgument(`a ${operation} must not specify a document mask (update_mask).`);
  if (updateTransforms.length > 0) throw invalidArgument(`a ${operation} must not specify update_transforms.`);
}

function changeOf(write: Write, name: string): FieldChange | null {
  if (write.update !== undefined) {
    return {
      fields: checkFields(write.update.fields),
      mask: write.updateMask?.fieldPaths.map(parseWritableFieldPath),
      transforms: transformsOf(write, name),
    };
  }
  refuseUpdateParts(write, write.delete === undefined ? 'transform' : 'delete');
  return write.delete === undefined ? { fields: {}, mask: [], transforms: transformsOf(write, name) } : null;
}

/** Holds one write of a request to the rules of names, values and paths; throws INVALID_ARGUMENT. */
export function checkWrite(write: Write, database: string): CheckedWrite {
  const name = targetOf(write);
  const { exists, updateTime } = write.currentDocument ?? {};
  return {
    name,
    path: pathInDatabase(database, name),
    exists,
    updateTime: updateTime && parseWireTimestamp(updateTime, 'current_document.update_time'),
    change: changeOf(write, name),
  };
}
