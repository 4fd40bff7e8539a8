import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allFiles, readSource, type SourcePath } from '../architecture/source-tree.ts';

const documents = allFiles.filter((path) => path.endsWith('.md'));
const folders = new Set(allFiles.map((path) => posix.dirname(path)));

/** Links that lead to a place in this project. */
const localLinks = (path: SourcePath): readonly string[] =>
  [...readSource(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^\w+:/.test(link));

/** The names under which a document's headings can be linked to. */
const headings = (path: SourcePath): readonly string[] =>
  [...readSource(path).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

function isBroken(from: SourcePath, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : posix.join(posix.dirname(from), path).replace(/\/$/, '');
  if (!allFiles.includes(target) && !folders.has(target)) return true;
  return heading !== undefined && !headings(target).includes(heading);
}

describe('the documents', () => {
  it('are found, and so are their links', () => {
    expect(documents).toContain('README.md');
    expect(localLinks('README.md').length).toBeGreaterThan(10);
  });

  it.each([
    ['a file that is not there', 'no-such-file.md', true],
    ['a heading that is not there', 'CONTRIBUTING.md#no-such-heading', true],
    ['a heading', 'CONTRIBUTING.md#the-gate', false],
    ['a heading of its own', '#deploy', false],
    ['a folder', 'docs/adr/', false],
  ])('would be seen to lead to %s', (_what, link, broken) => {
    expect(isBroken('README.md', link)).toBe(broken);
  });
});

describe('a document', () => {
  it.each(documents)('links only to what is there: %s', (path) => {
    expect(localLinks(path).filter((link) => isBroken(path, link))).toEqual([]);
  });
});

describe('the index of decisions', () => {
  it('lists each of them', () => {
    const decisions = documents.filter((path) => /^docs\/adr\/\d{4}-/.test(path)).map((path) => posix.basename(path));
    expect(localLinks('docs/adr/README.md')).toEqual(decisions);
  });
});
