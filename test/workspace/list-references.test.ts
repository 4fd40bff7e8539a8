import { describe, expect, it } from '@jest/globals';
import { listReferences } from '../../workspace/list-references.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { aWorkspace, limits, sessionId } from './a-workspace.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

async function aSavedTree(files: number) {
  const { root, write } = aWorkspace(newDirectory);
  for (let index = 0; index < files; index += 1) write(`f-${index}`, Buffer.from(`content ${index}`));
  const objects = new MemoryObjects();
  const save = () => saveWorkspace({ root, sessionId, base: null, objects, limits });
  return { objects, write, save, saved: await save() };
}

describe('the references of a manifest', () => {
  it.each([1, 2000])('of %d files are all objects that it needs, and no other', async (files) => {
    const { objects, write, save, saved } = await aSavedTree(files);
    const first = new Set(objects.stored.keys());
    write('later', Buffer.from('other content'));
    const second = await save();
    const names = new Set<string>();
    await listReferences(objects, saved.manifest, names);
    expect(names).toEqual(first);
    await listReferences(objects, second.manifest, names);
    expect(names).toEqual(new Set(objects.stored.keys()));
  });
  it('are not read again where they were followed before', async () => {
    const { objects, saved } = await aSavedTree(2000);
    const names = new Set<string>();
    await listReferences(objects, saved.manifest, names);
    const { reads } = objects;
    await listReferences(objects, saved.manifest, names);
    expect(objects.reads).toBe(reads);
  });
  it.each([0, 1])('are not known when object %d of the manifest is damaged: nothing is added', async (index) => {
    const { objects, saved } = await aSavedTree(2000);
    const name = [saved.manifest.object, ...objects.names('manifests')][index] ?? '';
    objects.stored.set(name, Buffer.from('damaged'));
    const names = new Set<string>();
    await expect(listReferences(objects, saved.manifest, names)).rejects.toMatchObject({ code: 'workspace/corrupt' });
    expect([...names]).toEqual([]);
  });
});
