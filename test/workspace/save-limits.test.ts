import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { aWorkspace, limits, sessionId } from './a-workspace.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

describe('what a save leaves out', () => {
  it('is told: fifos and sockets', async () => {
    const { root, save, write, restored } = aWorkspace(newDirectory);
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
    const { root, save } = aWorkspace(newDirectory);
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
    const { root, write } = aWorkspace(newDirectory);
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
    const { root } = aWorkspace(newDirectory);
    execFileSync('truncate', ['-s', '1T', `${root}/sparse`]);
    await expect(atLimit(root, {})).rejects.toMatchObject({ code: 'workspace/too-large' });
  });

  it('hold for files that are known as well', async () => {
    const { root, objects, save, write } = aWorkspace(newDirectory);
    write('a', Buffer.alloc(1000));
    const { base } = await save();
    const tighter = { ...limits, bytes: 999 };
    const again = saveWorkspace({ root, sessionId, base, objects, limits: tighter });
    await expect(again).rejects.toMatchObject({ code: 'workspace/too-large' });
  });

  it('count all entries', async () => {
    const { root, write } = aWorkspace(newDirectory);
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
