import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { compress } from '../../workspace/zstd.ts';
import { aWorkspace, limits, mebibyte, sessionId } from './a-workspace.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

/** Ends long after whatever was put on the thread pool before it, so that what waits for that has gone on. */
async function otherWorkOnTheThreadPool(): Promise<void> {
  const noise = randomBytes(3 * mebibyte);
  for (let i = 0; i < 8; i += 1) await Promise.all([compress(noise), compress(noise)]);
}

describe('a save that has much to send', () => {
  it('has at most two calls going, and little in each', async () => {
    const { root, write } = aWorkspace(newDirectory);
    for (let i = 0; i < 20; i += 1) write(`noise-${i}`, randomBytes(3 * mebibyte));
    const objects = new MemoryObjects();
    const store = objects.write.bind(objects);
    const sizes: number[] = [];
    const secondCall = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    objects.write = async (batch) => {
      sizes.push([...batch.values()].reduce((sum, bytes) => sum + bytes.length, 0));
      if (sizes.length === 2) secondCall.resolve();
      await gate.promise;
      await store(batch);
    };
    const saving = saveWorkspace({ root, sessionId, base: null, objects, limits });
    await secondCall.promise;
    await otherWorkOnTheThreadPool();
    expect(sizes).toHaveLength(2);
    gate.resolve();
    await saving;
    expect(Math.max(...sizes)).toBeLessThan(14 * mebibyte);
  });

  it('rejects with what the objects reject, but not before all its calls have ended', async () => {
    const { root, write } = aWorkspace(newDirectory);
    for (let i = 0; i < 12; i += 1) write(`noise-${i}`, randomBytes(3 * mebibyte));
    const objects = new MemoryObjects();
    const secondCall = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const calls = [
      async () => {
        await secondCall.promise;
        ended.push('first call');
        throw new PipelineError('google/unavailable', 'not now');
      },
      async () => {
        secondCall.resolve();
        await gate.promise;
        ended.push('second call');
      },
    ];
    objects.write = () => calls.shift()?.() ?? Promise.reject(new Error('no third call is made'));
    const saving = saveWorkspace({ root, sessionId, base: null, objects, limits });
    saving.catch(() => ended.push('save'));
    await secondCall.promise;
    await otherWorkOnTheThreadPool();
    gate.resolve();
    await expect(saving).rejects.toMatchObject({ code: 'google/unavailable' });
    expect(ended).toEqual(['first call', 'second call', 'save']);
  });

  it('does nothing more once it has rejected', async () => {
    const { root, objects, write } = aWorkspace(newDirectory);
    // Ten packs, of which the first nine are complete and go out three at a time.
    for (let i = 0; i < 10; i += 1) write(`noise-${i}`, randomBytes(3 * mebibyte));
    write('too-large', Buffer.alloc(3 * mebibyte));
    const tighter = { ...limits, bytes: 30 * mebibyte };
    const saving = saveWorkspace({ root, sessionId, base: null, objects, limits: tighter });
    await expect(saving).rejects.toMatchObject({ code: 'workspace/too-large' });
    expect(objects.writes.map((names) => names.length)).toEqual([3, 3, 3]);
  });

  it('stores the same again after a failure, since nothing was promised', async () => {
    const { root, objects, write, restored } = aWorkspace(newDirectory);
    write('a', 'one');
    const real = objects.write.bind(objects);
    objects.write = async () => {
      throw new PipelineError('google/unavailable', 'not now');
    };
    await expect(saveWorkspace({ root, sessionId, base: null, objects, limits })).rejects.toThrow('not now');
    objects.write = real;
    expect(await restored(await saveWorkspace({ root, sessionId, base: null, objects, limits }))).toEqual(
      describeTree(root),
    );
  });
});
