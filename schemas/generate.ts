import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import standaloneImport from 'ajv/dist/standalone/index.js';
import addFormatsImport from 'ajv-formats';
import { build } from 'esbuild';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

// ajv's CommonJS modules: under `nodenext` the typed default is an object, at run time it is the function itself.
const standaloneCode = standaloneImport as unknown as typeof standaloneImport.default;
const addFormats = addFormatsImport as unknown as typeof addFormatsImport.default;

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

/** "Exactly one of" at the top is for the validator; as a type it would only add an index signature. */
function withoutExactlyOne({ oneOf: _, ...schema }: AnySchemaObject): AnySchemaObject {
  return schema;
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

/** ajv's standalone code still calls `require` in ES modules; one bundle removes that and loads in 2 ms. */
async function generateValidators(schemas: Map<string, AnySchemaObject>): Promise<string> {
  const ajv = new Ajv2020({
    schemas: [...schemas.values()],
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  addFormats(ajv);
  const exportsByName = Object.fromEntries(
    messageFiles(schemas).map((name) => [validatorName(schemas.get(name)?.title), name]),
  );
  const bundled = await build({
    stdin: { contents: standaloneCode(ajv, exportsByName), resolveDir: schemasDir, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    banner: { js: `// ${banner}` },
  });
  return bundled.outputFiles[0]?.text ?? '';
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
    '  readonly keyword: string;',
    '  readonly message?: string;',
    '  readonly params: Readonly<Record<string, unknown>>;',
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
