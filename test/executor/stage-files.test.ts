import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeaseObjects } from '../../executor/lease-objects.ts';
import { absoluteCwd } from '../../executor/resolve-request.ts';
import { stageFiles } from '../../executor/stage-files.ts';
import type { StagedFile } from '../../schemas/generated/messages.ts';

const root = mkdtempSync(join(tmpdir(), 'stage-'));
afterAll(() => rmSync(root, { recursive: true }));

let workspace: string;
let outside: string;
beforeEach(() => {
  const place = mkdtempSync(join(root, 'x-'));
  [workspace, outside] = [join(place, 'workspace'), join(place, 'outside')];
  mkdirSync(workspace);
  mkdirSync(outside);
});

const objects = {
  download: async (ref: { readonly object: string }, path: string) => writeFileSync(path, `bytes of ${ref.object}`),
} as unknown as LeaseObjects;

const stage = (...files: readonly StagedFile[]) =>
  stageFiles(files, { workspace, scratch: join(workspace, '..'), owner: null }, objects);
const read = (path: string) => readFileSync(join(workspace, path), 'utf8');

describe('the files of a request', () => {
  it('are written with their folders, as text, base64 or from the bucket', async () => {
    const ref = { object: 'uploads/x', bytes: 1, sha256: '' };
    const problem = await stage(
      { path: 'a/b/text', content: { text: 'héllo' } },
      { path: '/workspace/bytes', content: { base64: '/w==' } },
      { path: 'ref', content: { ref } },
    );
    expect(problem).toBeNull();
    expect([read('a/b/text'), readFileSync(join(workspace, 'bytes')), read('ref')]).toEqual([
      'héllo',
      Buffer.of(0xff),
      'bytes of uploads/x',
    ]);
  });

  it('have the mode that they ask for, or 0644', async () => {
    await stage({ path: 'run', content: { text: '' }, mode: 0o755 }, { path: 'plain', content: { text: '' } });
    expect(['run', 'plain'].map((name) => statSync(join(workspace, name)).mode & 0o7777)).toEqual([0o755, 0o644]);
  });

  it('take the place of a file, and of a link without following it', async () => {
    writeFileSync(join(workspace, 'file'), 'old');
    writeFileSync(join(outside, 'target'), 'safe');
    symlinkSync(join(outside, 'target'), join(workspace, 'link'));
    await stage({ path: 'file', content: { text: 'new' } }, { path: 'link', content: { text: 'new' } });
    expect([read('file'), read('link'), readFileSync(join(outside, 'target'), 'utf8')]).toEqual(['new', 'new', 'safe']);
    expect(lstatSync(join(workspace, 'link')).isFile()).toBe(true);
  });

  it.each([
    ['a folder is a link', 'link/file', "sandbus: cannot write file 'link/file': 'link' is a symbolic link\n"],
    ['a folder is a file', 'plain/x/file', "sandbus: cannot write file 'plain/x/file': 'plain' is not a directory\n"],
    ['the name is a folder', 'folder', "sandbus: cannot write file 'folder': it is a directory\n"],
  ])('are refused when %s', async (_title, path, problem) => {
    symlinkSync(outside, join(workspace, 'link'));
    writeFileSync(join(workspace, 'plain'), '');
    mkdirSync(join(workspace, 'folder/inner'), { recursive: true });
    expect(await stage({ path, content: { text: 'x' } })).toBe(problem);
  });
});

describe('the directory of a request', () => {
  it.each([
    ['~', '/workspace'],
    ['~/a', '/workspace/a'],
    ['a/b', '/workspace/a/b'],
    ['.', '/workspace'],
    ['/workspace', '/workspace'],
    ['/workspace/a', '/workspace/a'],
    ['/usr', '/usr'],
    ['~user', '/workspace/~user'],
  ])('%s is %s', (cwd, absolute) => {
    expect(absoluteCwd(cwd, '/workspace')).toBe(absolute);
  });

  it('below /workspace is below the folder that stands for it where there is no wall', () => {
    expect(absoluteCwd('/workspace/a', '/tmp/ws')).toBe('/tmp/ws/a');
  });
});
