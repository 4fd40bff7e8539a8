import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openFoundFile } from '../../workspace/read-content.ts';
import { type Found, type WalkOptions, walkTree } from '../../workspace/walk-tree.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

/** A tree with a/inside and b, and beside it an outside with a secret of the same name. */
function aTree() {
  const top = newDirectory();
  const [root, outside] = [`${top}/root`, `${top}/outside`];
  mkdirSync(`${root}/a`, { recursive: true });
  mkdirSync(outside);
  writeFileSync(`${root}/a/inside`, 'own');
  writeFileSync(`${root}/b`, 'b');
  writeFileSync(`${outside}/inside`, 'secret');
  const skipped: string[] = [];
  const options: WalkOptions = {
    root,
    limits: { bytes: 1000, entries: 100 },
    onSkipped: (path, why) => skipped.push(`${path}: ${why}`),
  };
  return { root, outside, skipped, options };
}

/** Steps to the entry with this path, so that the tree can be changed under the walk. */
function stepTo(walk: Iterator<Found, void>, path: string): Found {
  for (let step = walk.next(); step.done !== true; step = walk.next()) if (step.value.path === path) return step.value;
  throw new Error(`the walk did not come to ${path}`);
}

/** For root no directory is closed. */
const asAnotherUser = process.geteuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const rest = (walk: Iterable<Found>) => [...walk].map(({ path }) => path);
const openDescriptors = () => readdirSync('/proc/self/fd').length;

function readThrough(at: string | Buffer): string {
  const opened = openFoundFile(at);
  if (opened.kind !== 'opened') return opened.kind;
  try {
    return readFileSync(opened.fd, 'utf8');
  } finally {
    closeSync(opened.fd);
  }
}

describe('a walk over a tree that is being changed', () => {
  it('does not follow a directory that became a link before it was opened', () => {
    const { root, outside, skipped, options } = aTree();
    const walk = walkTree(options);
    stepTo(walk, 'a');
    renameSync(`${root}/a`, `${root}/moved`);
    symlinkSync(outside, `${root}/a`);
    expect(rest(walk)).toEqual(['b']);
    expect(skipped).toEqual(['a: it was replaced while it was being saved']);
  });

  it('stays in a directory that became a link after it was opened', () => {
    const { root, outside, options } = aTree();
    const walk = walkTree(options);
    const found = stepTo(walk, 'a/inside');
    renameSync(`${root}/a`, `${root}/moved`);
    symlinkSync(outside, `${root}/a`);
    expect(readFileSync(`${root}/a/inside`, 'utf8')).toBe('secret');
    expect(readThrough(found.at())).toBe('own');
  });

  it('does not follow a file that became a link', () => {
    const { root, outside, options } = aTree();
    const { at } = stepTo(walkTree(options), 'a/inside');
    rmSync(`${root}/a/inside`);
    symlinkSync(`${outside}/inside`, `${root}/a/inside`);
    expect(readThrough(at())).toBe('refused');
  });

  it('does not wait at a file that became a fifo, nor read one that became a directory', () => {
    const { root, options } = aTree();
    const { at } = stepTo(walkTree(options), 'a/inside');
    rmSync(`${root}/a/inside`);
    execFileSync('mkfifo', [`${root}/a/inside`]);
    expect(readThrough(at())).toBe('refused');
    rmSync(`${root}/a/inside`);
    mkdirSync(`${root}/a/inside`);
    expect(readThrough(at())).toBe('refused');
  });

  it('leaves out without a word what vanished before it was looked at, and gives what vanished since to whoever opens it', () => {
    const { root, skipped, options } = aTree();
    for (let i = 0; i < 300; i += 1) writeFileSync(`${root}/a/more-${String(i).padStart(3, '0')}`, '');
    const walk = walkTree({ ...options, limits: { bytes: 1000, entries: 1000 } });
    const { at } = stepTo(walk, 'a/inside');
    rmSync(`${root}/a`, { recursive: true });
    rmSync(`${root}/b`);
    expect(readThrough(at())).toBe('vanished');
    const looked = Array.from({ length: 255 }, (_, i) => `a/more-${String(i).padStart(3, '0')}`);
    expect(rest(walk)).toEqual([...looked, 'b']);
    expect(skipped).toEqual([]);
  });

  it('goes on where a directory is closed to its own user after the first names of it', () => {
    const program = `
      import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
      const { walkTree } = await import(process.env.WALK);
      const root = mkdtempSync('/tmp/sandbus-walk-');
      mkdirSync(root + '/d');
      for (let i = 0; i < 600; i += 1) writeFileSync(root + '/d/' + String(i).padStart(3, '0'), '');
      writeFileSync(root + '/e', '');
      const skipped = [];
      const onSkipped = (path, why) => skipped.push(why);
      const found = [];
      for (const { path } of walkTree({ root, limits: { bytes: 1000, entries: 1000 }, onSkipped })) {
        if (path === 'd/010') chmodSync(root + '/d', 0);
        found.push(path);
      }
      chmodSync(root + '/d', 0o700);
      rmSync(root, { recursive: true });
      console.log(JSON.stringify({ found: found.length, last: found.at(-1), skipped: skipped.length, why: [...new Set(skipped)] }));`;
    const told = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      ...asAnotherUser,
      cwd: '/',
      env: { WALK: new URL('../../workspace/walk-tree.ts', import.meta.url).href },
      encoding: 'utf8',
    });
    // The directory, its first 256 names, and what follows it.
    expect(JSON.parse(told)).toEqual({ found: 258, last: 'e', skipped: 344, why: ['it may not be read'] });
  });

  it('leaves out a directory that vanished before it was opened', () => {
    const { root, skipped, options } = aTree();
    const walk = walkTree(options);
    stepTo(walk, 'a');
    rmSync(`${root}/a`, { recursive: true });
    expect(rest(walk)).toEqual(['b']);
    expect(skipped).toEqual([]);
  });
});

describe('a walk', () => {
  it('is refused where the root itself is a link', () => {
    const { root, options } = aTree();
    symlinkSync(root, `${root}-link`);
    expect(() => rest(walkTree({ ...options, root: `${root}-link` }))).toThrow('ENOTDIR');
  });

  it('gives siblings by their bytes and each directory directly before what is in it', () => {
    const { root, options } = aTree();
    writeFileSync(`${root}/a.b`, '');
    writeFileSync(`${root}/a-`, '');
    expect(rest(walkTree(options))).toEqual(['a', 'a/inside', 'a-', 'a.b', 'b']);
  });

  it('goes only into the directories it is told to', () => {
    const { options } = aTree();
    expect(rest(walkTree({ ...options, enters: (path) => path !== 'a' }))).toEqual(['a', 'b']);
  });

  it('goes 256 directories deep and tells what it leaves out', () => {
    const { root, skipped, options } = aTree();
    const deep = Array(256).fill('d').join('/');
    mkdirSync(`${root}/${deep}/e`, { recursive: true });
    const limits = { bytes: 1000, entries: 1000 };
    expect(rest(walkTree({ ...options, limits }))).toContain(deep);
    expect(skipped).toEqual([`${deep}: what is in it lies more than 256 directories deep`]);
  });

  it('leaves out what has a path of more than 4000 bytes', () => {
    const { root, skipped, options } = aTree();
    // 19 names of 200 bytes with their slashes are 3819 bytes: 181 remain.
    const directory = Array(19).fill('n'.repeat(200)).join('/');
    mkdirSync(`${root}/${directory}`, { recursive: true });
    rmSync(`${root}/b`);
    writeFileSync(`${root}/${directory}/${'f'.repeat(181)}`, '');
    writeFileSync(`${root}/${directory}/${'g'.repeat(182)}`, '');
    expect(rest(walkTree(options)).slice(-2)).toEqual([directory, `${directory}/${'f'.repeat(181)}`]);
    expect(skipped).toEqual([`${directory}/${'g'.repeat(182)}: its path has more than 4000 bytes`]);
  });

  it('stops at one name more than the limit, wherever it is', () => {
    const { options } = aTree();
    expect(rest(walkTree({ ...options, limits: { bytes: 0, entries: 3 } }))).toHaveLength(3);
    expect(() => rest(walkTree({ ...options, limits: { bytes: 0, entries: 2 } }))).toThrow(
      'at least 3 entries; the limit is 2',
    );
  });

  it('closes every directory, also when it is left early', () => {
    const { options } = aTree();
    const before = openDescriptors();
    rest(walkTree(options));
    for (const found of walkTree(options)) if (found.path === 'a/inside') break;
    expect(() => rest(walkTree({ ...options, limits: { bytes: 0, entries: 2 } }))).toThrow('too-large');
    expect(openDescriptors()).toBe(before);
  });
});
