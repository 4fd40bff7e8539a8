import { describeProblems } from './describe-problems.ts';
import type { TenantDocument } from './generated/messages.ts';
import { isTenantDocument, type SchemaError } from './generated/validators.js';

export interface ParsedTenant {
  /** What the document says and may say. */
  readonly limits: TenantDocument;
  /** One sentence for each field that has no effect: mistyped, out of range, or unknown. Empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * Reads a tenant's document, which a person may have written by hand. A field that the schema refuses has no effect, the
 * others keep theirs: one mistyped limit must not lift the rest. Absent (null) says nothing.
 */
export function parseTenant(document: unknown): ParsedTenant {
  if (document === null || document === undefined) return { limits: {}, problems: [] };
  if (typeof document !== 'object' || Array.isArray(document)) {
    return { limits: {}, problems: ['the document must be an object'] };
  }
  if (isTenantDocument(document)) return { limits: document, problems: [] };
  const errors = isTenantDocument.errors ?? [];
  const refused = new Set(errors.map(fieldOf));
  const limits = without(document, '', refused);
  const { ceilings } = limits as { readonly ceilings?: object };
  return {
    limits: ceilings === undefined ? limits : { ...limits, ceilings: without(ceilings, 'ceilings/', refused) },
    problems: describeProblems(errors, document),
  };
}

/** Where a refused field stands: at the top, or one of the ceilings. */
function fieldOf({ keyword, instancePath, params, propertyName }: SchemaError): string {
  const name = keyword === 'additionalProperties' ? params.additionalProperty : (propertyName ?? params.propertyName);
  return (name === undefined ? instancePath : `${instancePath}/${String(name)}`).slice(1);
}

const without = (object: object, prefix: string, refused: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !refused.has(prefix + name)));
