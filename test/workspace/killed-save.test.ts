import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { limits, mebibyte, sessionId } from './a-workspace.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

function makeTree(root: string): void {
  for (let i = 0; i < 240; i += 1) {
    if (i % 24 === 0) mkdirSync(`${root}/d-${i / 24}`);
    writeFileSync(`${root}/d-${Math.floor(i / 24)}/file-${i}`, `text ${i}`);
  }
}

/** Changes much, so that the save has packs of both kinds, pages and an index to write, and packs to leave behind. */
function changeTree(root: string): void {
  rmSync(`${root}/d-0`, { recursive: true });
  for (let i = 1; i < 10; i += 1) writeFileSync(`${root}/d-${i}/new`, randomBytes(50_000));
  writeFileSync(`${root}/large`, randomBytes(5 * mebibyte));
}

/** A bucket whose writer dies once it has stored so many objects, as after kill -9: the rest is never written. */
function dyingAfter(stored: ReadonlyMap<string, Uint8Array>, survives: number): MemoryObjects {
  const objects = new MemoryObjects();
  for (const [name, bytes] of stored) objects.stored.set(name, bytes);
  let left = survives;
  objects.write = async (batch) => {
    for (const [name, bytes] of batch) {
      if (left === 0) throw new Error('killed');
      left -= 1;
      expect(Buffer.compare(objects.stored.get(name) ?? bytes, bytes)).toBe(0);
      objects.stored.set(name, bytes);
    }
  };
  return objects;
}

describe('a save that is killed after any of its writes', () => {
  it('leaves the checkpoint before it as it was, and can be made again by whoever restores that one', async () => {
    const [root, objects] = [newDirectory(), new MemoryObjects()];
    makeTree(root);
    const before = await saveWorkspace({ root, sessionId, base: null, objects, limits });
    const treeBefore = describeTree(root);
    const storedBefore = new Map(objects.stored);
    changeTree(root);
    const after = await saveWorkspace({ root, sessionId, base: before.base, objects, limits });
    const writes = objects.stored.size - storedBefore.size;
    expect(writes).toBeGreaterThan(2);
    const treeAfter = describeTree(root);

    for (let survives = 0; survives < writes; survives += 1) {
      const dying = dyingAfter(storedBefore, survives);
      const killed = saveWorkspace({ root, sessionId, base: before.base, objects: dying, limits });
      await expect(killed).rejects.toThrow('killed');
      const copy = newDirectory();
      const base = await restoreWorkspace({ root: copy, manifest: before.manifest, objects: dying, limits });
      expect(describeTree(copy)).toEqual(treeBefore);
      expect(base.manifest).toEqual(before.manifest);
      const mended = dyingAfter(dying.stored, Number.POSITIVE_INFINITY);
      const again = await saveWorkspace({ root, sessionId, base: before.base, objects: mended, limits });
      expect(again.manifest).toEqual(after.manifest);
      const made = newDirectory();
      await restoreWorkspace({ root: made, manifest: again.manifest, objects: mended, limits });
      expect(describeTree(made)).toEqual(treeAfter);
    }
  }, 300_000);
});
