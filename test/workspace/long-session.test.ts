import { mkdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { aWorkspace, limits } from './a-workspace.ts';
import { describeTree } from './describe-tree.ts';
import type { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const commands = 1000;
const files = 200;
/** So many small packs are left by as many commands, and then renewed: costs are compared over a multiple of that. */
const window = 99;

interface Cost {
  readonly objects: number;
  readonly bytes: number;
  readonly calls: number;
}

const sum = (costs: readonly Cost[]): Cost => ({
  objects: costs.reduce((total, { objects }) => total + objects, 0),
  bytes: costs.reduce((total, { bytes }) => total + bytes, 0),
  calls: costs.reduce((total, { calls }) => total + calls, 0),
});

/** What restoring takes from the bucket. */
async function restoreCost(objects: MemoryObjects, manifest: ObjectRef, root: string): Promise<Cost> {
  const read: ObjectRef[] = [];
  let calls = 0;
  const counting = {
    read: (refs: readonly ObjectRef[]) => {
      calls += 1;
      read.push(...refs);
      return objects.read(refs);
    },
    write: () => Promise.reject(new Error('a restore writes nothing')),
  };
  await restoreWorkspace({ root, manifest, objects: counting, limits });
  return { objects: read.length, bytes: read.reduce((total, { bytes }) => total + bytes, 0), calls };
}

describe('a session of a thousand commands', () => {
  it('pays for its last ones what it paid for its first', async () => {
    const { root, objects, save, write, restored } = aWorkspace(newDirectory);
    for (let i = 0; i < files; i += 1) {
      if (i % 20 === 0) mkdirSync(`${root}/d-${i / 20}`);
      write(`d-${Math.floor(i / 20)}/file-${i}`, `the content of file ${i} at first`);
    }
    await save();

    const costs: Cost[] = [];
    const checkpoints: ObjectRef[] = [];
    for (let command = 1; command <= commands; command += 1) {
      const file = (command * 37) % files;
      write(`d-${Math.floor(file / 20)}/file-${file}`, `what command ${command} has written into file ${file}`);
      const calls = objects.writes.length;
      const { manifest } = await save();
      const added = objects.writes.slice(calls);
      const bytes = added.flat().reduce((total, name) => total + (objects.stored.get(name)?.length ?? 0), 0);
      costs.push({ objects: added.flat().length, bytes, calls: added.length });
      checkpoints.push(manifest);
    }

    const [first, last] = [sum(costs.slice(10, 10 + window)), sum(costs.slice(-window))];
    expect(last.calls).toBe(first.calls);
    expect(Math.abs(last.objects - first.objects)).toBeLessThanOrEqual(first.objects * 0.05);
    expect(last.bytes).toBeLessThanOrEqual(first.bytes * 1.25);

    const [tenth, thousandth] = [checkpoints[9], checkpoints[999]].map(
      (manifest) => manifest ?? { object: '', bytes: 0, sha256: '' },
    );
    const atFirst = await restoreCost(objects, tenth as ObjectRef, newDirectory());
    const copy = newDirectory();
    const atLast = await restoreCost(objects, thousandth as ObjectRef, copy);
    // Ten packs of one command each, then up to 33 of them.
    expect(atLast.objects).toBeLessThanOrEqual(atFirst.objects + 33);
    expect(atLast.bytes).toBeLessThanOrEqual(atFirst.bytes * 2);
    expect(atLast.calls).toBeLessThanOrEqual(atFirst.calls + 1);
    expect(describeTree(copy)).toEqual(describeTree(root));
    expect(await restored(await save())).toEqual(describeTree(root));
  }, 300_000);
});
