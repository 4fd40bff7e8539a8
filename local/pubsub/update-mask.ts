import { invalidArgument } from './refusals.ts';

/** The field mask of an update, as it travels. */
export type UpdateMask = { readonly paths: readonly string[] } | null;

export interface MaskedFields {
  /** The resource type, for messages. */
  readonly type: string;
  /** Field path as in the mask → property of the resource. */
  readonly mutable: Readonly<Record<string, string>>;
  /** Fields that exist and cannot change. */
  readonly immutable: readonly string[];
}

/** Copies the fields that the mask names; refuses an empty mask and fields that cannot change. Whole fields only, as Google does. */
export function applyUpdateMask<T extends object>(current: T, requested: T, mask: UpdateMask, fields: MaskedFields): T {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) throw invalidArgument('Invalid update_mask: at least one path is needed.');
  const properties = new Set(paths.map((path) => mutableProperty(path, fields)));
  const changed = Object.entries(requested).filter(([property]) => properties.has(property));
  return { ...current, ...Object.fromEntries(changed) };
}

function mutableProperty(path: string, fields: MaskedFields): string {
  if (fields.immutable.includes(path)) {
    throw invalidArgument(`Invalid update_mask: the field ${path} of a ${fields.type} cannot change.`);
  }
  const property = Object.hasOwn(fields.mutable, path) ? fields.mutable[path] : undefined;
  if (property === undefined) {
    throw invalidArgument(
      `Invalid update_mask: "${path}" is not a field of a ${fields.type}; paths have the form push_config.`,
    );
  }
  return property;
}
