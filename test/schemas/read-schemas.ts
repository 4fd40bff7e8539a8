import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const schemasFolder = join(import.meta.dirname, '../../schemas');

/** Every schema file by its name. */
export function readSchemas(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const files = readdirSync(schemasFolder).filter((file) => file.endsWith('.schema.json'));
  return new Map(files.map((file) => [file, JSON.parse(readFileSync(join(schemasFolder, file), 'utf8'))]));
}
