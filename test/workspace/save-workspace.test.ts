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
} from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import type { FileEntry } from '../../workspace/tree-entry.ts';
import { aWorkspace, limits, mebibyte, sessionId } from './a-workspace.ts';
import { describeTree } from './describe-tree.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

describe('saving an unchanged workspace', () => {
  it('writes nothing and gives the same manifest', async () => {
    const { objects, save, write } = aWorkspace(newDirectory);
    write('a', 'one');
    const first = await save();
    const second = await save();
    const third = await save();
    expect([second.manifest, third.manifest]).toEqual([first.manifest, first.manifest]);
    expect(objects.writes).toHaveLength(1);
    expect(third.filesChanged).toMatchObject({ added: 0, modified: 0, deleted: 0 });
  });

  it('writes a manifest once when the workspace has always been empty', async () => {
    const { objects, save } = aWorkspace(newDirectory);
    const first = await save();
    const second = await save();
    expect(first).toMatchObject({ entries: 0, workspaceBytes: 0, skipped: [] });
    expect(second.manifest).toEqual(first.manifest);
    expect(objects.writes).toEqual([[first.manifest.object]]);
  });

  it('does not read files whose stat it knows', async () => {
    const { root, objects, write } = aWorkspace(newDirectory);
    write('a', 'one');
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(`${root}/a`, { bigint: true });
    const pack = { sessionId, sha256: 'ab'.repeat(32), bytes: 3, rawBytes: 3 };
    const chunks = [{ kind: 'stored', pack, offset: 0, bytes: 3, sha256: 'cd'.repeat(32) }] as const;
    const contents = new Map([[Number(ino), { dev, ino, size, mtimeNs, ctimeNs, chunks, sparse: false }]]);
    const base = { manifest: null, entries: new Map(), pages: new Map(), contents };
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    expect((saved.base.entries.get('a') as FileEntry).chunks).toEqual(chunks);
    expect(objects.names('packs')).toEqual([]);
  });
});

describe('saving a changed workspace', () => {
  it('sends a small change to a large tree in one call of three small objects', async () => {
    const { objects, save, write, root } = aWorkspace(newDirectory);
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
    expect(saved.filesChanged).toMatchObject({ added: 0, modified: 1, deleted: 0 });
  });

  it('counts files and links that were added, modified and deleted, not directories and not touched files', async () => {
    const { root, save, write } = aWorkspace(newDirectory);
    for (const name of ['same', 'touched', 'written', 'closed', 'gone', 'replaced']) write(name, name);
    symlinkSync('same', `${root}/link`);
    const first = await save();
    expect(first.filesChanged).toMatchObject({ added: 7, modified: 0, deleted: 0 });

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
    expect(second.filesChanged).toMatchObject({ added: 2, modified: 3, deleted: 2 });
  });

  it('sees every write of the same length and time right after a save', async () => {
    const { root, save, write, restored } = aWorkspace(newDirectory);
    for (let i = 0; i < 20; i += 1) {
      write('a', `text ${10 + i}`);
      utimesSync(`${root}/a`, 1, 1);
      expect(await restored(await save())).toEqual(describeTree(root));
    }
  });

  it('stores equal contents once, whatever they are called and whenever they come', async () => {
    const { root, objects, save, write } = aWorkspace(newDirectory);
    const noise = randomBytes(100_000);
    write('a', noise);
    write('b', noise);
    await save();
    expect(objects.names('packs')).toHaveLength(1);
    mkdirSync(`${root}/d`);
    renameSync(`${root}/a`, `${root}/d/moved`);
    write('c', noise);
    const { filesChanged } = await save();
    expect(filesChanged).toMatchObject({ added: 2, modified: 0, deleted: 1 });
    expect(objects.names('packs')).toHaveLength(1);
    expect([...objects.stored.values()].reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThan(110_000);
  });

  it('refers once to an object that other contents, put together, make again', async () => {
    const { root, objects, save, write, restored } = aWorkspace(newDirectory);
    write('a', 'onetwo');
    await save();
    write('b', 'one');
    write('c', 'two');
    expect(await restored(await save())).toEqual(describeTree(root));
    expect(objects.names('packs')).toHaveLength(1);
  });

  it('leaves in place what a fork inherits, and names what is new after its own session', async () => {
    const { root, objects, save, write, restored } = aWorkspace(newDirectory);
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
    const { root, save, write, packsOf, restored } = aWorkspace(newDirectory);
    let saved = await save();
    for (let i = 0; i < 40; i += 1) {
      write(`file-${i}`, `text ${i}`);
      saved = await save();
    }
    expect((await packsOf(saved)).size).toBeLessThanOrEqual(34);
    expect(await restored(saved)).toEqual(describeTree(root));
  });

  it('leaves a pack behind that has become mostly dead', async () => {
    const { root, save, write, packsOf, restored } = aWorkspace(newDirectory);
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
    const { root, save, write, restored } = aWorkspace(newDirectory);
    write('large', randomBytes(bytes));
    const saved = await save();
    expect((saved.base.entries.get('large') as FileEntry).chunks).toHaveLength(chunks);
    expect(await restored(saved)).toEqual(describeTree(root));
  });

  it('stores of a large file only the chunks that have changed', async () => {
    const { objects, save, write } = aWorkspace(newDirectory);
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
    const { root, objects, save, restored } = aWorkspace(newDirectory);
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

describe('a file that is closed to all', () => {
  it('is restored closed when it was readable for the save', async () => {
    const { root, save, write, restored } = aWorkspace(newDirectory);
    write('key', 'secret');
    chmodSync(`${root}/key`, 0o400);
    const tree = await restored(await save());
    expect(tree).toEqual(describeTree(root));
    expect(lstatSync(`${root}/key`).mode & 0o777).toBe(0o400);
  });
});
