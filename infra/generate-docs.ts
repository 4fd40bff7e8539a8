import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderIam, renderReference } from './render-docs.ts';

const root = join(import.meta.dirname, '..');
/** Every generated page with its text, by path. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return { 'docs/iam.md': renderIam(), 'docs/deployment.md': renderReference() };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(generatedDocs())) writeFileSync(join(root, path), text);
}
