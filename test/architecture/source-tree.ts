import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
const skippedFolders = new Set(['node_modules', '.git', '.sandbus', 'coverage', 'generated']);

/** A file's path from the project's root, with forward slashes: what rules and failures name. */
export type SourcePath = string;

function walk(folder: string): readonly SourcePath[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : walk(path);
    return entry.isFile() ? [relative(root, path)] : [];
  });
}

/** Every file of the project but the generated ones. */
export const allFiles: readonly SourcePath[] = walk(root).toSorted();

export const isCode = (path: SourcePath): boolean => /\.(ts|mts|mjs|js)$/.test(path);

/** Every file with code of the project's own. */
export const codeFiles: readonly SourcePath[] = allFiles.filter(isCode);

const texts = new Map<SourcePath, string>();

export function readSource(path: SourcePath): string {
  const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
  texts.set(path, text);
  return text;
}

/** The first folder of a path; "" for a file that lies in the root. */
export const folderOf = (path: SourcePath): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
