import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSessionFolders,
  emptyWorkspace,
  fillCommandFolders,
  removeSessionFolders,
  type SessionFolders,
} from '../../executor/session-folders.ts';

const scratch = mkdtempSync(join(tmpdir(), 'folders-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let folders: SessionFolders;
beforeEach(async () => {
  folders = await createSessionFolders(scratch, null);
});

describe('the workspace', () => {
  it('stays the same folder: the wall shows it to all commands', async () => {
    const { ino } = statSync(folders.workspace);
    writeFileSync(join(folders.workspace, 'file'), '');
    await emptyWorkspace(folders, null);
    expect(statSync(folders.workspace).ino).toBe(ino);
  });

  it('is emptied of names that are not UTF-8', async () => {
    const inner = Buffer.concat([Buffer.from(`${folders.workspace}/`), Buffer.of(0xff, 0xfe)]);
    mkdirSync(inner);
    writeFileSync(Buffer.concat([inner, Buffer.from('/'), Buffer.of(0xff)]), '');
    await emptyWorkspace(folders, null);
    expect(readdirSync(folders.workspace)).toEqual([]);
  });

  it('that a command has used is empty and open again', async () => {
    mkdirSync(join(folders.workspace, 'closed/inner'), { recursive: true });
    chmodSync(join(folders.workspace, 'closed'), 0);
    chmodSync(folders.workspace, 0o500);
    await emptyWorkspace(folders, null);
    expect([readdirSync(folders.workspace), statSync(folders.workspace).mode & 0o777]).toEqual([[], 0o755]);
  });
});

describe('the folders of a command', () => {
  it('have nothing of the command before', async () => {
    const { output, input } = folders;
    await fillCommandFolders(folders, new Map([['old', Buffer.from('x')]]), null);
    writeFileSync(join(output, 'left'), '');
    await fillCommandFolders(folders, new Map(), null);
    expect([readdirSync(input), readdirSync(output).sort()]).toEqual([[], ['scratch', 'state']]);
  });
});

describe('the folders of a session', () => {
  it('can be passed through and not listed by others, and are gone in the end', async () => {
    expect(statSync(folders.root).mode & 0o777).toBe(0o711);
    await removeSessionFolders(folders);
    expect(readdirSync(scratch)).not.toContain(folders.root.split('/').at(-1));
  });
});
