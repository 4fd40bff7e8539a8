import { describe, expect, it } from '@jest/globals';
import { splitPages } from '../../workspace/split-pages.ts';
import type { TreeEntry } from '../../workspace/tree-entry.ts';

const directories = (count: number): TreeEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'directory',
    path: `directory-${String(i).padStart(6, '0')}`,
    mode: 0o755,
    mtimeUs: 0n,
  }));
const pathsOf = (pages: Iterable<readonly TreeEntry[]>) =>
  [...pages].map((page) => page.map(({ path }) => path).join());

describe('pages of entries', () => {
  it('hold all entries in their order', () => {
    const entries = directories(5000);
    expect([...splitPages(entries)].flat()).toEqual(entries);
  });

  it('have at least 128 entries but for the last, and at most 2048', () => {
    const sizes = [...splitPages(directories(20_000))].map((page) => page.length);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(128);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2048);
    expect(sizes.length).toBeGreaterThan(20);
  });

  it('are one where there is little, and none where there is nothing', () => {
    expect([...splitPages(directories(128))]).toHaveLength(1);
    expect([...splitPages([])]).toEqual([]);
  });

  it('stay as they are but for a few when an entry is added or removed', () => {
    const entries = directories(20_000);
    const before = new Set(pathsOf(splitPages(entries)));
    const added = [...entries.slice(0, 10_000), ...directories(1).map((entry) => ({ ...entry, path: 'new' }))];
    const after = [
      pathsOf(splitPages([...added, ...entries.slice(10_000)])),
      pathsOf(splitPages(entries.filter((_, i) => i !== 10_000))),
    ];
    for (const pages of after) expect(pages.filter((page) => !before.has(page)).length).toBeLessThanOrEqual(4);
  });

  it('end early after a file of so many chunks that the page is large', () => {
    const files = ['a', 'b', 'c'].map((path): TreeEntry => {
      const chunks = Array(25_000).fill({ kind: 'hole', bytes: 1 });
      return { kind: 'file', path, mode: 0, mtimeUs: 0n, size: 25_000, sparse: true, chunks };
    });
    expect([...splitPages(files)]).toEqual(files.map((file) => [file]));
  });
});
