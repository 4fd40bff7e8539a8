import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DiskTree } from '../../../workspace/files/disk-tree.ts';
import { globBudget, parseGlob } from '../../../workspace/files/glob.ts';
import { type WalkFilesOptions, walkFiles } from '../../../workspace/files/walk-files.ts';
import { useTemporaryDirectories } from '../temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const open: DiskTree[] = [];
afterEach(() => {
  for (const tree of open.splice(0)) tree.close();
});

/** A folder of folders with ten files in each. */
function aTree(): DiskTree {
  const root = newDirectory();
  for (const folder of ['a', 'b', 'c']) {
    mkdirSync(`${root}/${folder}/d`, { recursive: true });
    for (let i = 0; i < 10; i += 1) writeFileSync(`${root}/${folder}/d/f${i}`, '');
  }
  const tree = new DiskTree(root, null);
  open.push(tree);
  return tree;
}

async function pathsOf(tree: DiskTree, options: WalkFilesOptions): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of walkFiles(tree, tree.root, options)) paths.push(path);
  return paths;
}

/** A slice of time that is always over. */
function countedPauses(onPause: (count: number) => void = () => {}) {
  let count = 0;
  const slice = {
    isOver: () => true,
    pause: async () => {
      count += 1;
      onPause(count);
    },
  };
  return { slice, count: () => count };
}

const names = 36;
const hostile = [parseGlob(`{**,x}${'{/**,/x}'.repeat(5)}${'/**'.repeat(300)}/zzz`)];

describe('a walk over files', () => {
  it('goes only where a pattern can match', async () => {
    const tree = aTree();
    const looks: string[] = [];
    const look = tree.look.bind(tree);
    tree.look = (directory, name) => {
      looks.push(name);
      return look(directory, name);
    };
    expect(await pathsOf(tree, { globs: [parseGlob('b/*/f{1,2}')] })).toEqual(['b/d/f1', 'b/d/f2']);
    expect(looks).toEqual(['b', 'd', 'f1', 'f2']);
  });

  it('gives way before each name, also when none matches', async () => {
    const { slice, count } = countedPauses();
    expect(await pathsOf(aTree(), { globs: hostile, slice })).toEqual([]);
    expect(count()).toBeGreaterThanOrEqual(2 * names);
  });

  it('ends when it is told to, with its reason and no folder left open', async () => {
    const tree = aTree();
    const before = readdirSync('/proc/self/fd').length;
    const end = new AbortController();
    const { slice, count } = countedPauses((paused) => (paused === 12 ? end.abort(new Error('lost')) : undefined));
    const walking = pathsOf(tree, { globs: null, recursive: true, slice, ending: end.signal, onUnlisted: () => {} });
    await expect(walking).rejects.toThrow('lost');
    expect([count(), readdirSync('/proc/self/fd').length]).toEqual([12, before]);
  });

  it('that is ended while it lists a folder does not tell of a folder that cannot be listed', async () => {
    const end = new AbortController();
    const { slice } = countedPauses(() => end.abort(new Error('lost')));
    const told: string[] = [];
    const onUnlisted = (_: unknown, folder: string) => told.push(folder);
    const walking = pathsOf(aTree(), { globs: null, slice, ending: end.signal, onUnlisted });
    await expect(walking).rejects.toThrow('lost');
    expect(told).toEqual([]);
  });

  it('ends at the most names that it may look at, whether they match or not', async () => {
    const tree = aTree();
    expect(await pathsOf(tree, { globs: hostile, maxNames: names })).toEqual([]);
    const walking = pathsOf(tree, { globs: hostile, maxNames: names - 1, onUnlisted: () => {} });
    await expect(walking).rejects.toMatchObject({ code: 'files/too-large' });
  });

  it('ends when its patterns have taken all their steps, with no folder left open', async () => {
    const tree = aTree();
    const before = readdirSync('/proc/self/fd').length;
    await expect(pathsOf(tree, { globs: hostile, budget: globBudget(1000) })).rejects.toMatchObject({
      code: 'files/too-large',
    });
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  it('does not look into folders that may not be listed', async () => {
    const tree = aTree();
    chmodSync(`/proc/self/fd/${tree.root.fd}/a/d`, 0o300);
    const paths = await pathsOf(tree, { globs: [parseGlob('**/f1'), parseGlob('a/*')] });
    expect(paths).toEqual(['a/d', 'b/d/f1', 'c/d/f1']);
  });
});
