import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import standaloneImport from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

// ajv's CommonJS module: under `nodenext` the typed default is an object, at run time it is the function itself.
const standaloneCode = standaloneImport as unknown as typeof standaloneImport.default;

const schemasDir = import.meta.dirname;
const banner = 'Generated from schemas/*.schema.json by `npm run generate`. Do not edit.';

/** Every schema of this folder by its file name. */
async function readSchemas(): Promise<Map<string, AnySchemaObject>> {
  const files = (await readdir(schemasDir)).filter((name) => name.endsWith('.schema.json')).sort();
  const entries = await Promise.all(
    files.map(async (name) => [name, JSON.parse(await readFile(join(schemasDir, name), 'utf8'))] as const),
  );
  return new Map(entries);
}

const messageFiles = (schemas: Map<string, AnySchemaObject>) =>
  [...schemas.keys()].filter((name) => !name.startsWith('fields.'));

/** "Exactly one of these fields" is for the validator; as a type it would only add an index signature. */
function withoutExactlyOne<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(withoutExactlyOne) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name]) => name !== 'oneOf' || !('properties' in schema));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutExactlyOne(value)])) as T;
}

/** One compilation for all messages, so that a shared definition becomes one type. */
async function generateTypes(schemas: Map<string, AnySchemaObject>): Promise<string> {
  const root: JSONSchema = {
    title: 'Messages',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      messageFiles(schemas).map((name) => [name, withoutExactlyOne(schemas.get(name) ?? {})]),
    ),
  };
  return await compile(root, 'Messages', {
    cwd: `${schemasDir}/`,
    bannerComment: `// ${banner}`,
    style: { singleQuote: true, printWidth: 120 },
  });
}

/**
 * ajv's standalone code still calls `require` in ES modules; one bundle removes that. Schemas are prepared for it so
 * that the file stays small: a message's start time is most of what an executor may spend before its claim.
 */
async function generateValidators(schemas: Map<string, AnySchemaObject>): Promise<string> {
  const ajv = new Ajv2020({
    schemas: [...schemas.values()].flatMap(splitDefinitions).map((schema) => prepare(schema) as AnySchemaObject),
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    messages: false,
    discriminator: true,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  const exportsByName = Object.fromEntries(
    messageFiles(schemas).map((name) => [validatorName(schemas.get(name)?.title), name]),
  );
  const bundled = await build({
    stdin: { contents: standaloneCode(ajv, exportsByName), resolveDir: schemasDir, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    minifySyntax: true,
    write: false,
    banner: { js: `// ${banner}` },
  });
  return bundled.outputFiles[0]?.text ?? '';
}

/** Each shared definition as a schema of its own: ajv compiles a definition again for every message that refers to it. */
function splitDefinitions({ $defs, ...schema }: AnySchemaObject): AnySchemaObject[] {
  if ($defs === undefined) return [schema];
  return Object.entries($defs as Record<string, AnySchemaObject>).map(([name, definition]) => ({
    $id: definitionId(name),
    ...definition,
  }));
}

const definitionId = (name: string) => `${name}.definition`;

/** The same rules without words for people, and with unions on `kind` marked, so that an error tells of one branch. */
function prepare(node: unknown, isNameTable = false): unknown {
  if (Array.isArray(node)) return node.map((item) => prepare(item));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      isNameTable || typeof value !== 'string' || !['$schema', '$comment', 'title', 'description'].includes(key),
  );
  const prepared = Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === '$ref') return [key, definitionId(String(value).replace(/^.*\//, ''))];
      return [key, prepare(value, key === 'properties' && !isNameTable)];
    }),
  );
  return { ...prepared, ...unionOnKind(prepared) };
}

/**
 * What makes ajv check only the branch that `kind` names; nothing for what is no such union. A branch need not ask for the
 * `kind` that has led to it.
 */
function unionOnKind({ oneOf }: AnySchemaObject): AnySchemaObject {
  if (!Array.isArray(oneOf)) return {};
  const kinds = oneOf.map((branch) => branch.properties?.kind?.const);
  if (kinds.includes(undefined)) return {};
  return {
    type: 'object',
    discriminator: { propertyName: 'kind' },
    required: ['kind'],
    properties: { kind: { enum: kinds } },
    oneOf: oneOf.map((branch) => ({ ...branch, required: branch.required.filter((name: string) => name !== 'kind') })),
  };
}

const validatorName = (title: string) => `is${title}`;

function generateValidatorTypes(schemas: Map<string, AnySchemaObject>): string {
  const titles = messageFiles(schemas).map((name) => schemas.get(name)?.title as string);
  return [
    `// ${banner}`,
    `import type { ${titles.join(', ')} } from './messages.ts';`,
    '',
    'export interface SchemaError {',
    '  readonly instancePath: string;',
    '  readonly schemaPath: string;',
    '  readonly keyword: string;',
    '  readonly params: Readonly<Record<string, unknown>>;',
    '  readonly propertyName?: string;',
    '}',
    'export interface Validator<T> {',
    '  (value: unknown): value is T;',
    '  errors?: readonly SchemaError[] | null;',
    '}',
    ...titles.map((title) => `export const ${validatorName(title)}: Validator<${title}>;`),
    '',
  ].join('\n');
}

/** Writes messages.ts, validators.js and validators.d.ts into `outDir`. */
export async function generate(outDir: string): Promise<void> {
  const schemas = await readSchemas();
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'messages.ts'), await generateTypes(schemas));
  await writeFile(join(outDir, 'validators.js'), await generateValidators(schemas));
  await writeFile(join(outDir, 'validators.d.ts'), generateValidatorTypes(schemas));
}

if (import.meta.main) await generate(join(schemasDir, 'generated'));
