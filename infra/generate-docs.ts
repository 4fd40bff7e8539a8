import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderAccounts, renderIam, renderReference } from './render-docs.ts';

const root = join(import.meta.dirname, '..');
const marked = /(<!-- accounts -->\n\n)[\s\S]*?(\n\n<!-- \/accounts -->)/;

/** Every generated page with its text, by path. */
export function generatedDocs(): Readonly<Record<string, string>> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  return {
    'docs/iam.md': renderIam(),
    'docs/deployment.md': renderReference(),
    'README.md': readme.replace(marked, (_all, before: string, after: string) => before + renderAccounts() + after),
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(generatedDocs())) writeFileSync(join(root, path), text);
}
