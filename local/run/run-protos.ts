import { createRequire } from 'node:module';
import type protobuf from 'protobufjs';

type Schema = protobuf.INamespace;
type Nested = Schema & { readonly fields?: Readonly<Record<string, protobuf.IField>> };

/**
 * What Google's JSON API has and the schema in its client's package has not. A number that no field of Google's has:
 * over gRPC the field is unknown, as at Google.
 */
const previewFields = { sandboxLauncher: { type: 'bool', id: 65_000 } };

/** The schema of the Admin API, and with it the preview fields of the JSON API. */
export function loadRunProtos(): Schema {
  const schema: Schema = createRequire(import.meta.url)('@google-cloud/run/build/protos/protos.json');
  return withFields(schema, ['google', 'cloud', 'run', 'v2', 'Container'], previewFields);
}

/** A copy as far as it differs: clients in this process share the original. */
function withFields(schema: Nested, [name, ...rest]: readonly string[], fields: typeof previewFields): Nested {
  if (name === undefined) return { ...schema, fields: { ...schema.fields, ...fields } } as Nested;
  const inner = schema.nested?.[name];
  if (inner === undefined) throw new Error(`the schema of Cloud Run has no ${name}`);
  return { ...schema, nested: { ...schema.nested, [name]: withFields(inner as Nested, rest, fields) } };
}
