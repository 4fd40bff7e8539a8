import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { encodeIndex } from '../../workspace/manifest-index.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { limits, mebibyte, sessionId } from './a-workspace.ts';
import { describeTree } from './describe-tree.ts';
import { aFile, store, storePack } from './hostile-manifest.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

/** More packs than two threads hold at once, files in several of them, and everything else that a file can be. */
function makeTree(root: string): void {
  for (let i = 0; i < 300; i += 1) {
    if (i % 50 === 0) mkdirSync(`${root}/d-${i / 50}`);
    writeFileSync(`${root}/d-${Math.floor(i / 50)}/\xff-${i}`, randomBytes(50_000 + i));
  }
  writeFileSync(`${root}/large`, randomBytes(20 * mebibyte));
  writeFileSync(`${root}/empty`, '');
  writeFileSync(`${root}/closed`, 'closed', { mode: 0o400 });
  writeFileSync(`${root}/open`, 'open');
  execFileSync('touch', ['-d', '1969-12-31T23:59:58.5Z', `${root}/d-0/old`, `${root}/closed`]);
  chmodSync(`${root}/open`, 0o1777);
  linkSync(`${root}/large`, `${root}/large-too`);
  symlinkSync('large', `${root}/link`);
  execFileSync('truncate', ['-s', '30M', `${root}/hole`]);
  execFileSync('bash', ['-c', 'printf end | dd of=hole oflag=seek_bytes seek=9999999 conv=notrunc status=none'], {
    cwd: root,
  });
}

/** Threads of this process that have been started from now on and have not ended. */
function watchThreads(): ReadonlySet<Worker> {
  const running = new Set<Worker>();
  subscribe('worker_threads', (message) => {
    const { worker } = message as { readonly worker: Worker };
    running.add(worker);
    worker.on('exit', () => running.delete(worker));
  });
  return running;
}

describe('a restore in threads', () => {
  it('gives what a restore without them gives, and the first save after it writes nothing', async () => {
    const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
    makeTree(root);
    const { manifest } = await saveWorkspace({ root, sessionId, base: null, objects, limits });
    expect(objects.names('packs').length).toBeGreaterThan(5);
    const base = await restoreWorkspace({ root: copy, manifest, objects, limits, threads: 2 });
    expect(describeTree(copy)).toEqual(describeTree(root));
    const writes = objects.writes.length;
    const again = await saveWorkspace({ root: copy, sessionId, base, objects, limits });
    expect([again.manifest, objects.writes.length]).toEqual([manifest, writes]);
  });

  it('takes small packs as clients give them, in a buffer that they share with others', async () => {
    const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
    writeFileSync(`${root}/small`, 'small');
    const { manifest } = await saveWorkspace({ root, sessionId, base: null, objects, limits });
    const read: MemoryObjects['read'] = async (refs) => {
      const found = await objects.read(refs);
      return new Map(
        [...found].map(([name, bytes]) => [name, Buffer.concat([bytes, bytes]).subarray(0, bytes.length)]),
      );
    };
    const write: MemoryObjects['write'] = (stored) => objects.write(stored);
    await restoreWorkspace({ root: copy, manifest, objects: { read, write }, limits, threads: 1 });
    expect(describeTree(copy)).toEqual(describeTree(root));
  });

  it('begins with its threads while the manifest is read, and leaves none behind where that is refused', async () => {
    const objects = new MemoryObjects();
    const pages = ['a', 'b'].map((firstPath) => ({
      sessionId,
      sha256: 'ef'.repeat(32),
      bytes: 100,
      entries: 1,
      workspaceBytes: 20 * mebibyte,
      firstPath,
    }));
    const manifest = await store(objects, 'index', encodeIndex(pages));
    const running = watchThreads();
    const counts: number[] = [];
    const read: MemoryObjects['read'] = async (refs) => {
      counts.push(running.size);
      return objects.read(refs);
    };
    const write: MemoryObjects['write'] = (stored) => objects.write(stored);
    const refused = restoreWorkspace({ root: newDirectory(), manifest, objects: { read, write }, limits, threads: 2 });
    await expect(refused).rejects.toMatchObject({ code: 'workspace/corrupt' });
    expect([...counts, running.size]).toEqual([0, 2, 0]);
  });

  it.each([
    ['a chunk does not have its hash', 100, 'file: sessions/session-1/packs/'],
    ['a pack decompresses to more than it says', 50, 'does not decompress to 50 bytes'],
    ['a pack decompresses to less than it says', 101, 'decompresses to 100 bytes, not to 101'],
  ])('is refused when %s', async (_, rawBytes, text) => {
    const objects = new MemoryObjects();
    const pack = { ...(await storePack(objects, Buffer.alloc(100, 'x'))), rawBytes };
    const manifest = await store(objects, 'page', encodePage([aFile(pack, { bytes: 50 })]));
    const refused = restoreWorkspace({ root: newDirectory(), manifest, objects, limits, threads: 1 });
    await expect(refused).rejects.toMatchObject({ code: 'workspace/corrupt', message: expect.stringContaining(text) });
  });
});
