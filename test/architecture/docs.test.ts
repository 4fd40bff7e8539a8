import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../execution/error-codes.ts';
import { readTable } from './read-table.ts';
import { allFiles, codeFiles, readSource } from './source-tree.ts';
import { stringsIn, withoutComments } from './strip-source.ts';

describe('docs/errors.md', () => {
  const rows = readTable(readSource('docs/errors.md')).filter(([code]) => code !== 'code');

  it('lists every error code and no other', () => {
    expect(rows.map(([code]) => code).sort()).toEqual(Object.keys(errorCodes).sort());
  });

  it.each(
    Object.entries(errorCodes),
  )('says of %s what the code says: whether it is retryable and what to do', (code, row) => {
    const [, meaning, retryable, whatToDo] = rows.find(([name]) => name === code) ?? [];
    expect({ retryable, whatToDo }).toEqual({ retryable: row.retryable ? 'yes' : 'no', whatToDo: row.hint });
    expect(meaning).not.toBe('');
  });
});

/** Readers of variables: one file per service, and the one of Google's own variables. */
const readers = allFiles.filter((path) => /^[^/]+\/(?:[a-z]+-)?config\.ts$/.test(path));
const variable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** `env.NAME`, `env['NAME']` and `reader.integer('NAME', …)`. */
function variablesIn(path: string): readonly string[] {
  const source = readSource(path);
  const members = [...withoutComments(source).matchAll(/\benv\.([A-Z][A-Z0-9_]*)\b/g)].map(([, name]) => name ?? '');
  return [...members, ...stringsIn(source).filter((text) => variable.test(text))];
}

const variables = new Set(readers.flatMap(variablesIn));

describe('an error code', () => {
  const used = new Set(
    codeFiles
      .filter((path) => !path.startsWith('test/') && path !== 'execution/error-codes.ts')
      .flatMap((path) => stringsIn(readSource(path))),
  );

  it.each(Object.keys(errorCodes))('is given by some program: %s', (code) => {
    expect(used).toContain(code);
  });

  it.each(Object.entries(errorCodes))('names in its advice only variables that exist: %s', (_code, { hint }) => {
    const named = hint.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [];
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const [, section = ''] = /<!-- configuration -->([\s\S]*?)<!-- \/configuration -->/.exec(configurationText()) ?? [];
  const documented = readTable(section).map(([name = '']) => name);

  function configurationText(): string {
    return allFiles.includes('docs/configuration.md') ? readSource('docs/configuration.md') : '';
  }

  it('is compared with at least one reader', () => {
    expect(readers).toContain('gcp/google-config.ts');
    expect(variablesIn('gcp/google-config.ts')).toContain('GOOGLE_CLOUD_PROJECT');
  });

  it('stands between <!-- configuration --> and <!-- /configuration -->', () => {
    expect(section).not.toBe('');
  });

  it('has every variable that a program reads, and no other', () => {
    expect(documented.filter((name) => variable.test(name)).sort()).toEqual([...variables].sort());
  });
});
