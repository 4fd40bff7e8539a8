import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listChecks } from './list-checks.ts';
import { renderList, renderSummary, replaceSummary } from './render-checks.ts';

const root = join(import.meta.dirname, '../..');

/** The documents that are made of the names of checks, as they should be, by their path from the project's root. */
export function generateChecks(): Readonly<Record<'local/README.md' | 'local/checks.md', string>> {
  const checks = listChecks();
  return {
    'local/README.md': replaceSummary(readFileSync(join(root, 'local/README.md'), 'utf8'), renderSummary(checks)),
    'local/checks.md': renderList(checks),
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(generateChecks())) writeFileSync(join(root, path), text);
}
