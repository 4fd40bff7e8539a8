import { describe, expect, it } from '@jest/globals';
import { allFiles, codeFiles, folderOf, readSource } from './source-tree.ts';
import { codeOnly, withoutComments } from './strip-source.ts';

const maxLines = 300;

describe('the scan of files', () => {
  it('finds them', () => {
    expect(codeFiles.length).toBeGreaterThan(100);
    expect(codeFiles).toContain('execution/outcome.ts');
    expect(codeFiles.filter((path) => path.includes('node_modules') || path.includes('/generated/'))).toEqual([]);
  });
});

describe('a folder', () => {
  it('is named for its subject: none is a place for whatever is left over', () => {
    const vague = /(?:^|\/)(?:utils?|common|shared|types|helpers|lib|misc)\//;
    expect(allFiles.filter((path) => vague.test(path))).toEqual([]);
  });
});

describe('a file', () => {
  const shellFiles = allFiles.filter((path) => /\.(?:bash|sh|pl)$/.test(path));
  it.each([...codeFiles, ...shellFiles])(`has at most ${maxLines} lines: %s`, (path) => {
    expect(readSource(path).trimEnd().split('\n').length).toBeLessThanOrEqual(maxLines);
  });

  it('is named for what it exports, never utils, common, shared, types or helpers', () => {
    expect(codeFiles.filter((path) => /\/(?:utils?|common|shared|types|helpers)\.[a-z]+$/.test(path))).toEqual([]);
  });

  it.each(codeFiles.filter((path) => folderOf(path) !== ''))('has no default export: %s', (path) => {
    expect(codeOnly(readSource(path))).not.toMatch(/\bexport\s+default\b|\bas\s+default\b/);
  });

  it.each(
    codeFiles.filter((path) => path !== 'client/index.ts'),
  )('exports nothing that it only imports: %s', (path) => {
    expect(withoutComments(readSource(path))).not.toMatch(/\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from\b)/);
  });
});
