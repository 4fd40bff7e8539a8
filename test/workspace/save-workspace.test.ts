import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { readManifest } from '../../workspace/read-manifest.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { type SavedWorkspace, saveWorkspace } from '../../workspace/save-workspace.ts';
import type { FileEntry, StoredChunk } from '../../workspace/tree-entry.ts';
import type { WorkspaceBase } from '../../workspace/workspace-base.ts';
import { compress } from '../../workspace/zstd.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { bytes: 256 * 1024 * 1024, entries: 10_000 };
const sessionId = 'session-1';
const mebibyte = 1024 * 1024;

function aWorkspace() {
  const root = newDirectory();
  const objects = new MemoryObjects();
  let base: WorkspaceBase | null = null;
  const save = async (): Promise<SavedWorkspace> => {
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    base = saved.base;
    return saved;
  };
  const packsOf = async ({ manifest }: SavedWorkspace) => {
    const { entries } = await readManifest({ objects, manifest, limits });
    const chunks = entries.flatMap((entry) => (entry.kind === 'file' ? entry.chunks : []));
    return new Set(chunks.map((chunk) => (chunk as StoredChunk).pack.sha256));
  };
  const restored = async ({ manifest }: SavedWorkspace) => {
    const copy = newDirectory();
    await restoreWorkspace({ root: copy, manifest, objects, limits });
    return describeTree(copy);
  };
  return {
    root,
    objects,
    save,
    packsOf,
    restored,
    write: (path: string, text: string | Buffer) => writeFileSync(`${root}/${path}`, text),
  };
}

/** Ends long after whatever was put on the thread pool before it, so that what waits for that has gone on. */
async function otherWorkOnTheThreadPool(): Promise<void> {
  const noise = randomBytes(3 * mebibyte);
  for (let i = 0; i < 8; i += 1) await Promise.all([compress(noise), compress(noise)]);
}

describe('saving an unchanged workspace', () => {
  it('writes nothing and gives the same manifest', async () => {
    const { objects, save, write } = aWorkspace();
    write('a', 'one');
    const first = await save();
    const second = await save();
    const third = await save();
    expect([second.manifest, third.manifest]).toEqual([first.manifest, first.manifest]);
    expect(objects.writes).toHaveLength(1);
    expect(third.filesChanged).toEqual({ added: 0, modified: 0, deleted: 0 });
  });

  it('writes a manifest once when the workspace has always been empty', async () => {
    const { objects, save } = aWorkspace();
    const first = await save();
    const second = await save();
    expect(first).toMatchObject({ entries: 0, workspaceBytes: 0, skipped: [] });
    expect(second.manifest).toEqual(first.manifest);
    expect(objects.writes).toEqual([[first.manifest.object]]);
  });

  it('does not read files whose stat it knows', async () => {
    const { root, objects, write } = aWorkspace();
    write('a', 'one');
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(`${root}/a`, { bigint: true });
    const pack = { sessionId, sha256: 'ab'.repeat(32), bytes: 3, rawBytes: 3 };
    const chunks = [{ kind: 'stored', pack, offset: 0, bytes: 3, sha256: 'cd'.repeat(32) }] as const;
    const contents = new Map([[ino, { dev, size, mtimeNs, ctimeNs, chunks, sparse: false }]]);
    const base = { manifest: null, entries: new Map(), pages: new Map(), contents };
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    expect((saved.base.entries.get('a') as FileEntry).chunks).toEqual(chunks);
    expect(objects.names('packs')).toEqual([]);
  });
});

describe('saving a changed workspace', () => {
  it('sends a small change to a large tree in one call of three small objects', async () => {
    const { objects, save, write, root } = aWorkspace();
    for (let i = 0; i < 2000; i += 1) {
      if (i % 100 === 0) mkdirSync(`${root}/${i / 100}`);
      write(`${Math.floor(i / 100)}/file-${i}`, `text ${i}`);
    }
    await save();
    const before = new Set(objects.stored.keys());
    write('7/file-750', 'another text');
    const saved = await save();
    const sent = [...objects.stored].filter(([name]) => !before.has(name));
    expect(sent).toHaveLength(3);
    expect(objects.writes.at(-1)).toHaveLength(3);
    expect(sent.reduce((sum, [, bytes]) => sum + bytes.length, 0)).toBeLessThan(100_000);
    expect(saved.filesChanged).toEqual({ added: 0, modified: 1, deleted: 0 });
  });

  it('counts files and links that were added, modified and deleted, not directories and not touched files', async () => {
    const { root, save, write } = aWorkspace();
    for (const name of ['same', 'touched', 'written', 'closed', 'gone', 'replaced']) write(name, name);
    symlinkSync('same', `${root}/link`);
    const first = await save();
    expect(first.filesChanged).toEqual({ added: 7, modified: 0, deleted: 0 });

    utimesSync(`${root}/touched`, 1, 1);
    write('written', 'WRITTEN');
    chmodSync(`${root}/closed`, 0o400);
    rmSync(`${root}/gone`);
    rmSync(`${root}/replaced`);
    mkdirSync(`${root}/replaced`);
    rmSync(`${root}/link`);
    symlinkSync('touched', `${root}/link`);
    write('replaced/new', 'new');
    linkSync(`${root}/same`, `${root}/same-too`);
    const second = await save();
    expect(second.filesChanged).toEqual({ added: 2, modified: 3, deleted: 2 });
  });

  it('sees every write of the same length and time right after a save', async () => {
    const { root, save, write, restored } = aWorkspace();
    for (let i = 0; i < 20; i += 1) {
      write('a', `text ${10 + i}`);
      utimesSync(`${root}/a`, 1, 1);
      expect(await restored(await save())).toEqual(describeTree(root));
    }
  });

  it('stores equal contents once, whatever they are called and whenever they come', async () => {
    const { root, objects, save, write } = aWorkspace();
    const noise = randomBytes(100_000);
    write('a', noise);
    write('b', noise);
    await save();
    expect(objects.names('packs')).toHaveLength(1);
    mkdirSync(`${root}/d`);
    renameSync(`${root}/a`, `${root}/d/moved`);
    write('c', noise);
    const { filesChanged } = await save();
    expect(filesChanged).toEqual({ added: 2, modified: 0, deleted: 1 });
    expect(objects.names('packs')).toHaveLength(1);
    expect([...objects.stored.values()].reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThan(110_000);
  });

  it('leaves in place what a fork inherits, and names what is new after its own session', async () => {
    const { root, objects, save, write, restored } = aWorkspace();
    write('a', 'one');
    const origin = await save();
    const unchanged = await saveWorkspace({ root, sessionId: 'fork-1', base: origin.base, objects, limits });
    expect(unchanged.manifest).toEqual(origin.manifest);
    write('b', 'two');
    const fork = await saveWorkspace({ root, sessionId: 'fork-1', base: origin.base, objects, limits });
    expect(objects.writes.at(-1)?.map((name) => name.split('/').slice(0, 3).join('/'))).toEqual([
      'sessions/fork-1/packs',
      'sessions/fork-1/manifests',
    ]);
    expect(await restored(fork)).toEqual(describeTree(root));
  });

  it('does not let a long session of small changes leave a pack for each', async () => {
    const { root, save, write, packsOf, restored } = aWorkspace();
    let saved = await save();
    for (let i = 0; i < 40; i += 1) {
      write(`file-${i}`, `text ${i}`);
      saved = await save();
    }
    expect((await packsOf(saved)).size).toBeLessThanOrEqual(34);
    expect(await restored(saved)).toEqual(describeTree(root));
  });

  it('leaves a pack behind that has become mostly dead', async () => {
    const { root, save, write, packsOf, restored } = aWorkspace();
    for (let i = 0; i < 10; i += 1) write(`file-${i}`, randomBytes(100));
    const first = await save();
    for (let i = 0; i < 5; i += 1) rmSync(`${root}/file-${i}`);
    const second = await save();
    expect(await packsOf(second)).toEqual(await packsOf(first));
    rmSync(`${root}/file-5`);
    const third = await save();
    expect(await packsOf(third)).not.toEqual(await packsOf(first));
    expect((await packsOf(third)).size).toBe(1);
    expect(third.workspaceBytes).toBe(400);
    expect(await restored(third)).toEqual(describeTree(root));
  });

  it.each([
    ['8 MiB in one chunk', 8 * mebibyte, 1],
    ['8 MiB and a byte in two chunks', 8 * mebibyte + 1, 2],
  ])('keeps a file of %s', async (_, bytes, chunks) => {
    const { root, save, write, restored } = aWorkspace();
    write('large', randomBytes(bytes));
    const saved = await save();
    expect((saved.base.entries.get('large') as FileEntry).chunks).toHaveLength(chunks);
    expect(await restored(saved)).toEqual(describeTree(root));
  });

  it('stores of a large file only the chunks that have changed', async () => {
    const { objects, save, write } = aWorkspace();
    const large = randomBytes(20 * mebibyte);
    write('large', large);
    await save();
    expect(objects.names('packs')).toHaveLength(3);
    large[10 * mebibyte] = (large[10 * mebibyte] ?? 0) ^ 1;
    write('large', large);
    await save();
    expect(objects.names('packs')).toHaveLength(4);
  });

  it('stores no holes', async () => {
    const { root, objects, save, restored } = aWorkspace();
    execFileSync('truncate', ['-s', '40M', `${root}/sparse`]);
    execFileSync('dd', [
      'if=/dev/urandom',
      `of=${root}/sparse`,
      'bs=4k',
      'count=1',
      'seek=3000',
      'conv=notrunc',
      'status=none',
    ]);
    const saved = await save();
    const { chunks, size } = saved.base.entries.get('sparse') as FileEntry;
    expect(chunks.map(({ kind }) => kind)).toEqual(['hole', 'stored', 'hole', 'hole', 'hole']);
    expect([size, saved.workspaceBytes]).toEqual([40 * mebibyte, 40 * mebibyte]);
    expect([...objects.stored.values()].reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThan(10_000);
    expect(await restored(saved)).toEqual(describeTree(root));
  });
});

describe('what a save leaves out', () => {
  it('is told: fifos and sockets', async () => {
    const { root, save, write, restored } = aWorkspace();
    write('file', 'text');
    execFileSync('mkfifo', [`${root}/pipe\n`]);
    const server = createServer().listen(`${root}/app.sock`);
    await new Promise((resolve) => server.once('listening', resolve));
    const saved = await save();
    await new Promise((resolve) => server.close(resolve));
    expect(saved.skipped).toEqual(["app.sock: a socket can't be kept", "pipe\\x0a: a fifo can't be kept"]);
    expect(saved.entries).toBe(1);
    expect(await restored(saved)).toEqual([expect.stringContaining('file file')]);
  });

  it('is told a hundred times at most', async () => {
    const { root, save } = aWorkspace();
    const names = Array.from({ length: 103 }, (_, i) => `${root}/fifo-${i}`);
    execFileSync('mkfifo', names);
    const { skipped } = await save();
    expect(skipped).toHaveLength(101);
    expect(skipped.at(-1)).toBe('and 3 more');
  });
});

describe('the limits of a save', () => {
  const atLimit = async (root: string, over: { readonly bytes?: number; readonly entries?: number }) =>
    saveWorkspace({ root, sessionId, base: null, objects: new MemoryObjects(), limits: { ...limits, ...over } });

  it('count the bytes of files, hard-linked ones once', async () => {
    const { root, write } = aWorkspace();
    write('a', Buffer.alloc(600));
    write('b', Buffer.alloc(400));
    linkSync(`${root}/a`, `${root}/c`);
    await expect(atLimit(root, { bytes: 1000 })).resolves.toMatchObject({ workspaceBytes: 1000, entries: 3 });
    await expect(atLimit(root, { bytes: 999 })).rejects.toMatchObject({
      code: 'workspace/too-large',
      message: expect.stringContaining('at least 1000 bytes; the limit is 999'),
    });
  });

  it('refuse a huge sparse file without reading it', async () => {
    const { root } = aWorkspace();
    execFileSync('truncate', ['-s', '1T', `${root}/sparse`]);
    await expect(atLimit(root, {})).rejects.toMatchObject({ code: 'workspace/too-large' });
  });

  it('hold for files that are known as well', async () => {
    const { root, objects, save, write } = aWorkspace();
    write('a', Buffer.alloc(1000));
    const { base } = await save();
    const tighter = { ...limits, bytes: 999 };
    const again = saveWorkspace({ root, sessionId, base, objects, limits: tighter });
    await expect(again).rejects.toMatchObject({ code: 'workspace/too-large' });
  });

  it('count all entries', async () => {
    const { root, write } = aWorkspace();
    mkdirSync(`${root}/a`);
    write('a/b', '');
    symlinkSync('a', `${root}/c`);
    await expect(atLimit(root, { entries: 3 })).resolves.toMatchObject({ entries: 3 });
    await expect(atLimit(root, { entries: 2 })).rejects.toMatchObject({
      code: 'workspace/too-large',
      message: expect.stringContaining('at least 3 entries; the limit is 2'),
    });
  });
});

describe('a save that has much to send', () => {
  it('has at most two calls going, and little in each', async () => {
    const { root, write } = aWorkspace();
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
    const { root, write } = aWorkspace();
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
    const { root, objects, write } = aWorkspace();
    // Ten packs, of which the first nine are complete and go out three at a time.
    for (let i = 0; i < 10; i += 1) write(`noise-${i}`, randomBytes(3 * mebibyte));
    write('too-large', Buffer.alloc(3 * mebibyte));
    const tighter = { ...limits, bytes: 30 * mebibyte };
    const saving = saveWorkspace({ root, sessionId, base: null, objects, limits: tighter });
    await expect(saving).rejects.toMatchObject({ code: 'workspace/too-large' });
    expect(objects.writes.map((names) => names.length)).toEqual([3, 3, 3]);
  });

  it('stores the same again after a failure, since nothing was promised', async () => {
    const { root, objects, write, restored } = aWorkspace();
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

describe('a file that is closed to all', () => {
  it('is restored closed when it was readable for the save', async () => {
    const { root, save, write, restored } = aWorkspace();
    write('key', 'secret');
    chmodSync(`${root}/key`, 0o400);
    const tree = await restored(await save());
    expect(tree).toEqual(describeTree(root));
    expect(lstatSync(`${root}/key`).mode & 0o777).toBe(0o400);
  });
});
