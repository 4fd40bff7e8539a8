import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { type SavedWorkspace, saveWorkspace } from '../../workspace/save-workspace.ts';
import type { WorkspaceBase } from '../../workspace/workspace-base.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { applyEdits, edit } from './random-tree.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { bytes: 1024 * 1024, entries: 1000 };
const sessionId = 'session-1';

const trees = fc.array(edit, { maxLength: 25 });

describe('a checkpoint of any tree', () => {
  it('restores to the same names, contents, modes, times and links', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (edits) => {
        const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
        applyEdits(root, edits);
        const saved = await saveWorkspace({ root, sessionId, base: null, objects, limits });
        await restoreWorkspace({ root: copy, manifest: saved.manifest, objects, limits });
        expect(describeTree(copy)).toEqual(describeTree(root));
        expect(saved.skipped).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('has the same manifest when what was restored is saved again, with and without what the restore knew', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (edits) => {
        const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
        applyEdits(root, edits);
        const { manifest } = await saveWorkspace({ root, sessionId, base: null, objects, limits });
        const base = await restoreWorkspace({ root: copy, manifest, objects, limits });
        const writes = objects.writes.length;
        const again = await saveWorkspace({ root: copy, sessionId, base, objects, limits });
        expect(again.manifest).toEqual(manifest);
        expect(objects.writes.length).toBe(writes);
        const fresh = await saveWorkspace({ root: copy, sessionId, base: null, objects, limits });
        expect(fresh.manifest).toEqual(manifest);
      }),
      { numRuns: 25 },
    );
  });

  it('stays what it was while later ones are made from the same directory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(edit, { maxLength: 8 }), { minLength: 2, maxLength: 5 }), async (steps) => {
        const [root, objects] = [newDirectory(), new MemoryObjects()];
        const checkpoints: { readonly saved: SavedWorkspace; readonly tree: string[] }[] = [];
        let base: WorkspaceBase | null = null;
        for (const edits of steps) {
          applyEdits(root, edits);
          const saved: SavedWorkspace = await saveWorkspace({ root, sessionId, base, objects, limits });
          base = saved.base;
          checkpoints.push({ saved, tree: describeTree(root) });
        }
        for (const { saved, tree } of checkpoints) {
          const copy = newDirectory();
          await restoreWorkspace({ root: copy, manifest: saved.manifest, objects, limits });
          expect(describeTree(copy)).toEqual(tree);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('says as many entries and bytes as its manifest holds', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (edits) => {
        const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
        applyEdits(root, edits);
        const { manifest, entries, workspaceBytes } = await saveWorkspace({
          root,
          sessionId,
          base: null,
          objects,
          limits,
        });
        const exact = { entries, bytes: workspaceBytes };
        await expect(restoreWorkspace({ root: copy, manifest, objects, limits: exact })).resolves.toBeDefined();
        expect(entries).toBe(describeTree(root).length);
      }),
      { numRuns: 15 },
    );
  });
});
