import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { aWorkspace, limits, sessionId } from './a-workspace.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

describe('a workspace with a .sandbusignore', () => {
  it('is saved without what it names, which is told; a directory that is left out is not looked into', async () => {
    const { root, save, write, restored } = aWorkspace(newDirectory);
    mkdirSync(`${root}/node_modules/deep`, { recursive: true });
    execFileSync('mkfifo', [`${root}/node_modules/deep/fifo`]);
    for (const path of ['a.log', 'keep.log', 'b.txt', 'node_modules/x']) write(path, path);
    write('.sandbusignore', '# large and made anew\nnode_modules/\n*.log\n!keep.log\n');
    const saved = await save();
    expect(saved).toMatchObject({ ignored: 'a.log, node_modules', skipped: [], entries: 3 });
    const names = (await restored(saved)).map((line) => line.split(' ')[0]);
    expect(names).toEqual(['.sandbusignore', 'b.txt', 'keep.log']);
  });

  it('tells five of what it leaves out, and how many more', async () => {
    const { save, write } = aWorkspace(newDirectory);
    write('.sandbusignore', 'f*');
    for (let i = 0; i < 8; i += 1) write(`f${i}`, '');
    expect((await save()).ignored).toBe('f0, f1, f2, f3, f4 and 3 more');
  });

  it('does not count the bytes of what it leaves out', async () => {
    const { root, write } = aWorkspace(newDirectory);
    write('large', Buffer.alloc(2000));
    write('.sandbusignore', 'large');
    const tight = { ...limits, bytes: 1000 };
    const saved = saveWorkspace({ root, sessionId, base: null, objects: new MemoryObjects(), limits: tight });
    await expect(saved).resolves.toMatchObject({ workspaceBytes: 5 });
  });

  it('takes away from the next checkpoint what an earlier one has, and gives it back when it is gone', async () => {
    const { root, save, write } = aWorkspace(newDirectory);
    write('a', 'one');
    await save();
    write('.sandbusignore', 'a\n');
    expect((await save()).filesChanged).toMatchObject({ added: 1, modified: 0, deleted: 1 });
    rmSync(`${root}/.sandbusignore`);
    expect((await save()).filesChanged).toMatchObject({ added: 1, modified: 0, deleted: 1 });
  });

  it.each([
    ['a link', (root: string) => symlinkSync('/etc/passwd', `${root}/.sandbusignore`), []],
    ['a fifo', (root: string) => void execFileSync('mkfifo', [`${root}/.sandbusignore`]), ["a fifo can't be kept"]],
    ['a directory', (root: string) => void mkdirSync(`${root}/.sandbusignore`), []],
  ])('that is %s leaves out nothing, which is told', async (_, make, more) => {
    const { root, save, write } = aWorkspace(newDirectory);
    write('root', '');
    make(root);
    const reasons = ['it is no file that can be read, so nothing is left out', ...more];
    expect(await save()).toMatchObject({ ignored: null, skipped: reasons.map((why) => `.sandbusignore: ${why}`) });
  });

  it('counts up to its first 64 KiB', async () => {
    const { save, write } = aWorkspace(newDirectory);
    write('a', '');
    write('.sandbusignore', `${'#'.repeat(65_536)}\na\n`);
    expect(await save()).toMatchObject({
      ignored: null,
      skipped: ['.sandbusignore: only its first 65536 bytes count'],
    });
  });
});
