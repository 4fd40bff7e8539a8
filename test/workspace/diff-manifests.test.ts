import { chmodSync, linkSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diffManifests } from '../../workspace/diff-manifests.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import type { WorkspaceBase } from '../../workspace/workspace-base.ts';
import { aWorkspace, limits, sessionId } from './a-workspace.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

async function aTree(files: number) {
  const { root, write } = aWorkspace(newDirectory);
  for (let index = 0; index < files; index += 1) write(`f-${index}`, Buffer.from(`content ${index}`));
  const objects = new MemoryObjects();
  let base: WorkspaceBase | null = null;
  const save = async () => {
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    base = saved.base;
    return saved.manifest;
  };
  const at = (name: string) => join(root, name);
  return { objects, write, save, at, first: await save() };
}

describe('the difference of two trees', () => {
  it.each([3, 3000])('of %d files names what was added, changed and removed, and no touched one', async (files) => {
    const { objects, write, save, at, first } = await aTree(files);
    write('f-0', Buffer.from('longer content'));
    rmSync(at('f-1'));
    chmodSync(at('f-2'), 0o700);
    write('new', Buffer.from('new'));
    symlinkSync('nowhere', at('link'));
    const touched = await save();
    utimesSync(at('new'), 1, 1);
    linkSync(at('new'), at('other'));
    const second = await save();
    const found = await diffManifests(objects, first, touched);
    expect(found.map(({ path, before, after }) => [path, before?.kind ?? null, after?.kind ?? null])).toEqual([
      ['f-0', 'file', 'file'],
      ['f-1', 'file', null],
      ['f-2', 'file', 'file'],
      ['link', null, 'symlink'],
      ['new', null, 'file'],
    ]);
    expect(found[0]).toMatchObject({ before: { size: 9 }, after: { size: 14 } });
    expect((await diffManifests(objects, touched, second)).map(({ path }) => path)).toEqual(['other']);
    expect(await diffManifests(objects, second, second)).toEqual([]);
  });

  it('reads only pages that differ, not all that there are', async () => {
    const { objects, write, save, first } = await aTree(4000);
    write('f-777', Buffer.from('other'));
    const second = await save();
    objects.reads = 0;
    const read = objects.read.bind(objects);
    let count = 0;
    objects.read = async (refs) => {
      count += refs.length;
      return await read(refs);
    };
    expect(await diffManifests(objects, first, second)).toHaveLength(1);
    // Both indexes and, of some eight pages each, the one that changed.
    expect(count).toBe(4);
  });

  it('is the reverse of that of the same trees the other way round, also from nothing', async () => {
    const { objects, save, at, first } = await aTree(1200);
    renameSync(at('f-5'), at('moved'));
    const second = await save();
    const [there, back] = [await diffManifests(objects, first, second), await diffManifests(objects, second, first)];
    expect(back).toEqual(there.map(({ path, before, after }) => ({ path, before: after, after: before })));
    expect(await diffManifests(objects, null, first)).toHaveLength(1200);
    expect(await diffManifests(objects, null, null)).toEqual([]);
  });
});
