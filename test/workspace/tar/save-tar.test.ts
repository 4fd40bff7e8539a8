import { describe, expect, it } from '@jest/globals';
import { emptyManifest, readManifest } from '../../../workspace/read-manifest.ts';
import { packsOf } from '../../../workspace/stored-chunks.ts';
import { type StoredTree, saveTar } from '../../../workspace/tar/save-tar.ts';
import { endBlocks, headerBlocks, padding } from '../../../workspace/tar/tar-blocks.ts';
import { MemoryObjects } from '../memory-objects.ts';

const emptyTree: StoredTree = { ...emptyManifest, manifest: null };
const limits = { entries: 100, filledBytes: 0 };

/** An archive of files of so many bytes each, all of them different. */
async function* archiveOf(files: Readonly<Record<string, number>>): AsyncGenerator<Buffer, void> {
  for (const [path, size] of Object.entries(files)) {
    yield headerBlocks({ type: '0', path, size, mode: 0o644, mtimeUs: 5n });
    yield Buffer.alloc(size, path);
    yield padding(size);
  }
  yield endBlocks;
}

async function save(files: Readonly<Record<string, number>>, base: StoredTree, objects: MemoryObjects) {
  const { manifest } = await saveTar({ sessionId: 's', tar: archiveOf(files), base, objects, limits });
  if (manifest === null) return emptyTree;
  return { ...(await readManifest({ objects, manifest, limits: { bytes: 2 ** 30, entries: 100 } })), manifest };
}

describe('a tree that is saved from an archive', () => {
  it('stores what is new, and refers to what is there', async () => {
    const objects = new MemoryObjects();
    const first = await save({ a: 1000, b: 2000 }, emptyTree, objects);
    const second = await save({ a: 1000, b: 2000, c: 10 }, first, objects);
    expect(objects.names('packs')).toHaveLength(2);
    expect([...packsOf(second.entries)].map(({ rawBytes }) => rawBytes)).toEqual([3000, 10]);
  });

  it('leaves packs behind that are mostly dead, one save after they are, and then stays as it is', async () => {
    const objects = new MemoryObjects();
    const first = await save({ a: 1000, b: 5000 }, emptyTree, objects);
    const second = await save({ a: 1000 }, first, objects);
    const third = await save({ a: 1000 }, second, objects);
    const fourth = await save({ a: 1000 }, third, objects);
    const rawBytes = [first, second, third].map(({ entries }) => [...packsOf(entries)].map((pack) => pack.rawBytes));
    expect(rawBytes).toEqual([[6000], [6000], [1000]]);
    expect(fourth.manifest).toEqual(third.manifest);
  });

  it('has no manifest when nothing is in it', async () => {
    const objects = new MemoryObjects();
    const first = await save({ a: 1 }, emptyTree, objects);
    expect(await save({}, first, objects)).toBe(emptyTree);
  });
});
