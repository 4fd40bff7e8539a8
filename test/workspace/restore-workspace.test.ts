import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { sealManifest } from '../../workspace/manifest-object.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { bytes: 256 * 1024 * 1024, entries: 10_000 };
const sessionId = 'session-1';

/** Saves what `fill` makes and restores it elsewhere. */
async function roundTrip(fill: (root: string) => void) {
  const [root, copy, objects] = [newDirectory(), newDirectory(), new MemoryObjects()];
  fill(root);
  const saved = await saveWorkspace({ root, sessionId, base: null, objects, limits });
  const base = await restoreWorkspace({ root: copy, manifest: saved.manifest, objects, limits });
  return { root, copy, objects, saved, base };
}

describe('a restored workspace', () => {
  it('has the modes of files and directories, but never setuid and setgid', async () => {
    const { copy } = await roundTrip((root) => {
      for (const mode of [0o400, 0o644, 0o755, 0o4755, 0o2711, 0o1777]) {
        writeFileSync(`${root}/${mode.toString(8)}`, '');
        chmodSync(`${root}/${mode.toString(8)}`, mode);
      }
      mkdirSync(`${root}/directory`);
      chmodSync(`${root}/directory`, 0o3750);
    });
    const modes = Object.fromEntries(
      readdirSync(copy).map((name) => [name, (lstatSync(`${copy}/${name}`).mode & 0o7777).toString(8)]),
    );
    expect(modes).toEqual({
      400: '400',
      644: '644',
      755: '755',
      4755: '755',
      2711: '711',
      1777: '1777',
      directory: '1750',
    });
  });

  it('has no setuid or setgid where a manifest gives them, and closed directories with what is in them', async () => {
    const objects = new MemoryObjects();
    const bytes = await sealManifest(
      'page',
      encodePage([
        { kind: 'directory', path: 'closed', mode: 0o2000, mtimeUs: 1n },
        { kind: 'directory', path: 'closed/inner', mode: 0o000, mtimeUs: 2n },
        { kind: 'file', path: 'closed/inner/file', mode: 0o000, mtimeUs: 3n, size: 0, sparse: false, chunks: [] },
        { kind: 'symlink', path: 'closed/inner/link', mtimeUs: 4n, target: 'file' },
        { kind: 'hard-link', path: 'closed/inner/name', target: 'closed/inner/file' },
        { kind: 'file', path: 'root-shell', mode: 0o6755, mtimeUs: 5n, size: 0, sparse: false, chunks: [] },
      ]),
    );
    const manifest = { object: 'sessions/session-1/manifests/m', bytes: bytes.length, sha256: hash('sha256', bytes) };
    objects.stored.set(manifest.object, bytes);
    const copy = newDirectory();
    await restoreWorkspace({ root: copy, manifest, objects, limits });
    const mode = (path: string) => lstatSync(`${copy}/${path}`).mode & 0o7777;
    expect([mode('root-shell'), mode('closed')]).toEqual([0o755, 0]);
    chmodSync(`${copy}/closed`, 0o700);
    expect([mode('closed/inner'), Math.floor(lstatSync(`${copy}/closed/inner`).mtimeMs * 1000)]).toEqual([0, 2]);
    chmodSync(`${copy}/closed/inner`, 0o700);
    expect(readdirSync(`${copy}/closed/inner`)).toEqual(['file', 'link', 'name']);
  });

  it('has times to the microsecond, before 1970 too, of files, directories and links', async () => {
    const { copy } = await roundTrip((root) => {
      mkdirSync(`${root}/directory`);
      writeFileSync(`${root}/directory/file`, '');
      symlinkSync('file', `${root}/directory/link`);
      utimesSync(`${root}/directory/file`, 0, '1700000000.1234565');
      lutimesSync(`${root}/directory/link`, 0, '-1.4999995');
      utimesSync(`${root}/directory`, 0, '981173106.9999995');
    });
    const time = (path: string) => lstatSync(`${copy}/${path}`, { bigint: true }).mtimeNs / 1000n;
    expect(time('directory/file')).toBe(1_700_000_000_123_456n);
    expect(time('directory/link')).toBe(-1_499_999n);
    expect(time('directory')).toBe(981_173_106_999_999n);
  });

  it('has links as they stood, wherever they lead', async () => {
    const targets = ['/etc/passwd', '../../..', 'nowhere', '.', 'link-1', 'a//b/'];
    const { copy } = await roundTrip((root) =>
      targets.forEach((target, i) => {
        symlinkSync(target, `${root}/link-${i}`);
      }),
    );
    expect(targets.map((_, i) => readlinkSync(`${copy}/link-${i}`))).toEqual(targets);
  });

  it('has hard links to one file, of which a write is seen under every name', async () => {
    const { copy } = await roundTrip((root) => {
      mkdirSync(`${root}/a`);
      writeFileSync(`${root}/a/first`, 'one');
      linkSync(`${root}/a/first`, `${root}/b`);
      linkSync(`${root}/a/first`, `${root}/A`);
    });
    writeFileSync(`${copy}/b`, 'two');
    expect([readFileSync(`${copy}/a/first`, 'utf8'), readFileSync(`${copy}/A`, 'utf8')]).toEqual(['two', 'two']);
    expect(statSync(`${copy}/A`).nlink).toBe(3);
  });

  it('has empty directories, and directories that are closed for writing with what is in them', async () => {
    const { root, copy } = await roundTrip((root) => {
      mkdirSync(`${root}/empty`);
      mkdirSync(`${root}/closed/inner`, { recursive: true });
      writeFileSync(`${root}/closed/inner/file`, 'text');
      chmodSync(`${root}/closed/inner`, 0o500);
      chmodSync(`${root}/closed`, 0o500);
    });
    expect(describeTree(copy)).toEqual(describeTree(root));
    expect(describeTree(copy)).toHaveLength(4);
  });

  it('has names and targets that are not UTF-8', async () => {
    const name = Buffer.from('caf\xe9 \xff', 'latin1');
    const at = (root: string) => Buffer.concat([Buffer.from(`${root}/`), name]);
    const { copy } = await roundTrip((root) => {
      mkdirSync(at(root));
      writeFileSync(Buffer.concat([at(root), Buffer.from('/'), name]), 'text');
      symlinkSync(name, `${root}/link`);
    });
    expect(readdirSync(copy, { encoding: 'buffer' })).toEqual([name, Buffer.from('link')]);
    expect(readFileSync(Buffer.concat([at(copy), Buffer.from('/'), name]), 'utf8')).toBe('text');
    expect(readlinkSync(`${copy}/link`, { encoding: 'buffer' })).toEqual(name);
  });

  it('takes no more room than its sparse files did', async () => {
    const { root, copy } = await roundTrip((root) => {
      execFileSync('truncate', ['-s', '20M', `${root}/sparse`]);
      const noise = ['if=/dev/urandom', `of=${root}/sparse`, 'bs=4k', 'count=1', 'conv=notrunc', 'status=none'];
      execFileSync('dd', [...noise, 'seek=100']);
      execFileSync('dd', [...noise, 'seek=2200']);
    });
    const [before, after] = [statSync(`${root}/sparse`), statSync(`${copy}/sparse`)];
    expect(after.size).toBe(20 * 1024 * 1024);
    expect(after.blocks).toBeLessThanOrEqual(before.blocks);
    expect(readFileSync(`${copy}/sparse`).equals(readFileSync(`${root}/sparse`))).toBe(true);
  });

  it('belongs to the given owner where root restores it, else to who restores it', async () => {
    const { objects, saved } = await roundTrip((root) => {
      mkdirSync(`${root}/directory`);
      writeFileSync(`${root}/directory/file`, '');
      symlinkSync('/etc/passwd', `${root}/directory/link`);
    });
    const own = { uid: process.getuid?.(), gid: process.getgid?.() };
    const owner = { uid: 54321, gid: 54322 };
    const copy = newDirectory();
    await restoreWorkspace({ root: copy, manifest: saved.manifest, objects, owner, limits });
    const expected = own.uid === 0 ? owner : own;
    for (const path of ['directory', 'directory/file', 'directory/link']) {
      expect(lstatSync(`${copy}/${path}`)).toMatchObject(expected);
    }
    expect(lstatSync(copy)).toMatchObject(own);
    expect(statSync('/etc/passwd').uid).toBe(0);
  });

  it('is saved again without writing anything, also when a write follows at once', async () => {
    const { copy, objects, base, saved } = await roundTrip((root) => {
      for (let i = 0; i < 50; i += 1) writeFileSync(`${root}/file-${i}`, `text ${10 + i}`);
    });
    const writes = objects.writes.length;
    const again = await saveWorkspace({ root: copy, sessionId, base, objects, limits });
    expect(again.manifest).toEqual(saved.manifest);
    expect(objects.writes).toHaveLength(writes);
  });

  it.each(
    Array.from({ length: 10 }, (_, i) => `file-${i}`),
  )('does not hide a write to %s that keeps length and time and follows at once', async (name) => {
    const { copy, objects, base } = await roundTrip((root) => {
      for (let i = 0; i < 10; i += 1) writeFileSync(`${root}/file-${i}`, 'text 1');
    });
    const { atime, mtime } = statSync(`${copy}/${name}`);
    writeFileSync(`${copy}/${name}`, 'text 2');
    utimesSync(`${copy}/${name}`, atime, mtime);
    const saved = await saveWorkspace({ root: copy, sessionId, base, objects, limits });
    expect(saved.filesChanged).toMatchObject({ added: 0, modified: 1, deleted: 0 });
  });
});

describe('restoring', () => {
  it('gives the base of an empty workspace when there is no checkpoint', async () => {
    const [root, objects] = [newDirectory(), new MemoryObjects()];
    const base = await restoreWorkspace({ root, manifest: null, objects, limits });
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    expect(base.manifest).toBeNull();
    expect(saved.entries).toBe(0);
    expect(objects.writes).toHaveLength(1);
  });

  it('is refused where there is something already', async () => {
    const { copy, objects, saved } = await roundTrip((root) => writeFileSync(`${root}/a`, 'one'));
    const again = restoreWorkspace({ root: copy, manifest: saved.manifest, objects, limits });
    await expect(again).rejects.toThrow(`${copy} has a`);
  });

  it('is refused into a directory that is reached by a link', async () => {
    const { copy, objects, saved } = await roundTrip(() => {});
    symlinkSync(copy, `${copy}/link`);
    const through = restoreWorkspace({ root: `${copy}/link`, manifest: saved.manifest, objects, limits });
    await expect(through).rejects.toThrow('ENOTDIR');
  });

  it('does what it can with the umask of the process', async () => {
    const mask = process.umask(0o077);
    const { root, copy } = await roundTrip((root) => {
      mkdirSync(`${root}/d`, { mode: 0o755 });
      chmodSync(`${root}/d`, 0o755);
      writeFileSync(`${root}/d/f`, 'text');
      chmodSync(`${root}/d/f`, 0o644);
    }).finally(() => process.umask(mask));
    expect(describeTree(copy)).toEqual(describeTree(root));
  });

  it.each(['bytes', 'entries'] as const)('is refused when the checkpoint has more %s than the limit', async (what) => {
    const { objects, saved } = await roundTrip((root) => {
      writeFileSync(`${root}/a`, 'one');
      writeFileSync(`${root}/b`, '');
    });
    const exact = { bytes: 3, entries: 2 };
    const manifest = saved.manifest;
    await expect(restoreWorkspace({ root: newDirectory(), manifest, objects, limits: exact })).resolves.toBeDefined();
    const tight = { ...exact, [what]: exact[what] - 1 };
    await expect(restoreWorkspace({ root: newDirectory(), manifest, objects, limits: tight })).rejects.toMatchObject({
      code: 'workspace/too-large',
      message: expect.stringContaining(`at least ${exact[what]} ${what}; the limit is ${tight[what]}`),
    });
  });

  it('passes on that the objects are unavailable, which may be tried again', async () => {
    const { objects, saved } = await roundTrip((root) => writeFileSync(`${root}/a`, 'one'));
    objects.read = async () => {
      throw new PipelineError('google/unavailable', 'not now');
    };
    const restoring = restoreWorkspace({ root: newDirectory(), manifest: saved.manifest, objects, limits });
    await expect(restoring).rejects.toMatchObject({ code: 'google/unavailable' });
  });

  it('names the object that is missing or damaged', async () => {
    const { objects, saved } = await roundTrip((root) => writeFileSync(`${root}/a`, 'one'));
    const [pack = ''] = objects.names('packs');
    const bytes = objects.stored.get(pack) ?? new Uint8Array();
    const restoring = () => restoreWorkspace({ root: newDirectory(), manifest: saved.manifest, objects, limits });
    objects.stored.set(
      pack,
      bytes.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
    );
    await expect(restoring()).rejects.toMatchObject({
      code: 'workspace/corrupt',
      message: expect.stringContaining(pack),
    });
    objects.stored.delete(pack);
    await expect(restoring()).rejects.toMatchObject({
      code: 'workspace/corrupt',
      message: expect.stringContaining(pack),
    });
  });

  it('leaves no descriptor open, also when it fails', async () => {
    const { objects, saved } = await roundTrip((root) => writeFileSync(`${root}/a`, 'one'));
    const before = readdirSync('/proc/self/fd').length;
    await restoreWorkspace({ root: newDirectory(), manifest: saved.manifest, objects, limits });
    objects.stored.clear();
    const failing = restoreWorkspace({ root: newDirectory(), manifest: saved.manifest, objects, limits });
    await expect(failing).rejects.toMatchObject({ code: 'workspace/corrupt' });
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});
