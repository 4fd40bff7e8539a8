import { describe, expect, it } from '@jest/globals';
import { countChanges } from '../../workspace/count-changes.ts';
import type { TreeEntry } from '../../workspace/tree-entry.ts';

const file = (path: string, size: number): TreeEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  mtimeUs: 0n,
  size,
  sparse: true,
  chunks: size === 0 ? [] : [{ kind: 'hole', bytes: size }],
});
const tree = (...entries: readonly TreeEntry[]) => new Map(entries.map((entry) => [entry.path, entry]));
const numbered = (count: number, name = (n: number) => `f${String(n).padStart(5, '0')}`) =>
  Array.from({ length: count }, (_, n) => file(name(n), 0));

describe('the changes between two trees', () => {
  it('are counted and listed by path, with the sizes of files that are there', () => {
    const before = tree(file('same', 1), file('changed', 1), file('gone', 1));
    const link: TreeEntry = { kind: 'symlink', path: 'link', mtimeUs: 0n, target: 'same' };
    const after = tree(file('same', 1), file('changed', 2), file('a/new', 3), link);
    expect(countChanges(before, after)).toEqual({
      added: 2,
      modified: 1,
      deleted: 1,
      files: [
        { path: 'a/new', change: 'added', bytes: 3 },
        { path: 'changed', change: 'modified', bytes: 2 },
        { path: 'gone', change: 'deleted' },
        { path: 'link', change: 'added' },
      ],
    });
  });

  it('are not listed when there are none', () => {
    expect(countChanges(tree(file('same', 1)), tree(file('same', 1)))).toEqual({ added: 0, modified: 0, deleted: 0 });
  });

  it.each([
    [100, 100],
    [101, 100],
    [1000, 100],
  ])('of %d files list the first %d', (count, listed) => {
    const { added, files = [] } = countChanges(tree(), tree(...numbered(count).reverse()));
    expect([added, files.map(({ path }) => path)]).toEqual([count, numbered(listed).map(({ path }) => path)]);
  });

  it('list no more than 16,384 characters of paths', () => {
    const long = (n: number) => `${n}${'x'.repeat(4095)}`;
    const { added, files = [] } = countChanges(tree(), tree(...numbered(6, long)));
    expect([added, files.length]).toEqual([6, 4]);
  });

  it('show bytes of a path that are not UTF-8 as U+FFFD', () => {
    expect(countChanges(tree(), tree(file('a\xff', 0))).files).toEqual([
      { path: 'a\uFFFD', change: 'added', bytes: 0 },
    ]);
  });
});
