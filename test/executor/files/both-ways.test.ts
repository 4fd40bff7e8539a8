import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { FileOperation } from '../../../execution/file-operation.ts';
import type { FilePath } from '../../../schemas/generated/messages.ts';
import { describeTree } from '../../workspace/describe-tree.ts';
import { MemoryObjects } from '../../workspace/memory-objects.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';
import { asInWorkspace, belowTmp } from './below-tmp.ts';
import { atRest, checkpointFilledBy, checkpointOf, inShort, onCheckpoint, onDisk, restored } from './both-ways.ts';

const newDirectory = useTemporaryDirectories();

const read = (path: FilePath, range: object = {}): FileOperation => ({ kind: 'read', path, ...range });
const write = (path: FilePath, text: string, mode?: number): FileOperation => ({
  ...{ kind: 'write', path, content: { text } },
  ...(mode !== undefined && { mode }),
});
const append = (path: FilePath, text: string): FileOperation => ({ kind: 'append', path, content: { text } });
const mkdir = (path: FilePath): FileOperation => ({ kind: 'make-directory', path });
const remove = (path: FilePath, how: object = {}): FileOperation => ({ kind: 'remove', path, ...how });
const move = (path: FilePath, to: FilePath, how: object = {}): FileOperation => ({ kind: 'move', path, to, ...how });
const list = (path: FilePath, how: object = {}): FileOperation => ({ kind: 'list', path, ...how });
const stat = (path: FilePath): FileOperation => ({ kind: 'stat', path });
const recursive = { recursive: true };

/** What every case finds. */
function fill(root: string, called = '/workspace'): void {
  const at = (path: string) => `${root}/${path}`;
  mkdirSync(at('d/e'), { recursive: true });
  writeFileSync(at('a.txt'), 'hello');
  writeFileSync(at('d/b.ts'), 'b');
  writeFileSync(at('d/e/c.ts'), 'c');
  writeFileSync(at('d/.hidden'), 'h');
  writeFileSync(at('locked'), 'l', { mode: 0o200 });
  writeFileSync(at('read-only'), 'first', { mode: 0o444 });
  linkSync(at('a.txt'), at('same.txt'));
  symlinkSync('a.txt', at('to-a'));
  symlinkSync(`${called}/d`, at('to-d'));
  symlinkSync('../..', at('d/e/up'));
  symlinkSync('nowhere', at('dangling'));
  symlinkSync('/etc/passwd', at('out'));
  symlinkSync('../../etc', at('d/out-above'));
  symlinkSync('loop', at('loop'));
  mkdirSync(at('closed'));
  writeFileSync(at('closed/f'), 'f');
  chmodSync(at('closed'), 0o500);
}

const cases: readonly (readonly [string, readonly FileOperation[], readonly string[]])[] = [
  ['reads a file, whole and in parts', [read('a.txt'), read('a.txt', { offset: 1, length: 3 })], ['"hello"', '"ell"']],
  ['reads nothing after the end', [read('a.txt', { offset: 9 }), read('a.txt', { length: 0 })], ['""', '""']],
  [
    'refuses more than the caller takes, and nothing at the limit',
    [read('a.txt', { maxBytes: 4 }), read('a.txt', { maxBytes: 5 })],
    ['files/too-large', '"hello"'],
  ],
  [
    'tells what is missing, a folder, and a path through a file',
    [read('x'), read('no/x'), read('d'), read('.'), read('a.txt/x')],
    ['files/not-found', 'files/not-found', 'files/is-directory', 'files/is-directory', 'files/not-a-directory'],
  ],
  ['does not read what its mode closes', [read('locked'), stat('locked')], ['files/permission-denied', 'file 200 1']],
  [
    'follows links within the workspace',
    [read('to-a'), read('to-d/b.ts'), read('d/e/up/a.txt'), read('to-d/e/up/to-d/e/c.ts')],
    ['"hello"', '"b"', '"hello"', '"c"'],
  ],
  [
    'follows no link out of it, none that leads nowhere, and none for ever',
    [read('out'), read('d/out-above/passwd'), read('dangling'), read('loop'), write('out', 'x'), write('loop', 'x')],
    [
      ...['files/invalid-path', 'files/invalid-path', 'files/not-found'],
      ...['files/invalid-path', 'files/invalid-path', 'files/invalid-path'],
    ],
  ],
  [
    'takes no path that leads out',
    [read('/etc/passwd'), read('../etc'), write('/', ''), list('/etc'), read('d/../../x'), write('/workspacex', '')],
    [
      'files/invalid-path',
      'files/is-directory',
      'files/is-directory',
      ...Array.from({ length: 3 }, () => 'files/invalid-path'),
    ],
  ],
  [
    'reads a path by its letters',
    [read('/workspace/d/../a.txt'), read('d//./b.ts'), read('/workspace//a.txt')],
    ['"hello"', '"b"', '"hello"'],
  ],
  [
    'refuses names that no file can have',
    [write(`d/${'n'.repeat(256)}`, ''), write('a/'.repeat(300), ''), write(`${'n'.repeat(200)}/`.repeat(30), '')],
    Array.from({ length: 3 }, () => 'files/invalid-path'),
  ],
  [
    'lists a folder, with links as links',
    [list('d'), list('to-d'), stat('to-a'), list('a.txt'), list('x')],
    [
      ...['d/.hidden d/b.ts d/e d/out-above', 'to-d/.hidden to-d/b.ts to-d/e to-d/out-above', 'symlink 777 5'],
      ...['files/not-a-directory', 'files/not-found'],
    ],
  ],
  [
    'lists what is below, and what matches',
    [list('d', recursive), list('.', { glob: '**/*.ts' }), list('d', { glob: '{b,x}.??' }), list('.', { glob: '*' })],
    [
      ...['d/.hidden d/b.ts d/e d/e/c.ts d/e/up d/out-above', 'd/b.ts d/e/c.ts', 'd/b.ts'],
      'a.txt closed d dangling locked loop out read-only same.txt to-a to-d',
    ],
  ],
  [
    'writes a new file, its folders with it',
    [write('n/m/f.txt', 'new'), read('n/m/f.txt'), stat('n/m/f.txt'), stat('n/m')],
    ['done', '"new"', 'file 644 3', 'directory 755 0'],
  ],
  [
    'writes over a file, which keeps its mode and its other names',
    [write('a.txt', 'other'), read('same.txt'), write('same.txt', 'x', 0o755), stat('a.txt')],
    ['done', '"other"', 'done', 'file 755 1'],
  ],
  [
    'writes through a link, also to what is not there yet',
    [write('to-a', 'x'), read('a.txt'), write('dangling', 'y'), read('nowhere')],
    ['done', '"x"', 'done', '"y"'],
  ],
  [
    'does not write what is closed, or into a closed folder',
    [write('read-only', 'second'), read('read-only'), write('closed/g', ''), write('closed/f', 'in a file it may')],
    ['files/permission-denied', '"first"', 'files/permission-denied', 'done'],
  ],
  [
    'writes no folder',
    [write('d', ''), append('.', ''), write('a.txt/x', '')],
    ['files/is-directory', 'files/is-directory', 'files/not-a-directory'],
  ],
  [
    'appends, and makes what is missing',
    [append('a.txt', '!'), append('a.txt', '?'), read('same.txt'), append('l/g', '1'), read('l/g')],
    ['done', 'done', '"hello!?"', 'done', '"1"'],
  ],
  [
    'writes nothing as well',
    [write('e', ''), read('e'), append('e', ''), stat('e')],
    ['done', '""', 'done', 'file 644 0'],
  ],
  [
    'makes folders, again too',
    [mkdir('p/q'), mkdir('p/q'), mkdir('d'), stat('p/q'), mkdir('.'), mkdir('a.txt')],
    ['done', 'done', 'done', 'directory 755 0', 'done', 'files/already-exists'],
  ],
  [
    'removes a file and a link, and not what it leads to',
    [remove('to-a'), read('a.txt'), remove('a.txt'), read('same.txt'), read('a.txt'), remove('out')],
    ['done', '"hello"', 'done', '"hello"', 'files/not-found', 'done'],
  ],
  [
    'removes a folder only when that is said',
    [remove('d'), remove('d', recursive), stat('d'), remove('closed', recursive), remove('.', recursive)],
    ['files/is-directory', 'done', 'files/not-found', 'files/permission-denied', 'files/invalid-path'],
  ],
  [
    'tells of what is not there to remove, unless that is fine',
    [
      remove('x'),
      remove('x/y'),
      remove('x', { force: true }),
      remove('x/y', { force: true }),
      remove('d', { force: true }),
    ],
    ['files/not-found', 'files/not-found', 'done', 'done', 'files/is-directory'],
  ],
  ['removes nothing through a link to a folder', [remove('to-d', recursive), read('d/b.ts')], ['done', '"b"']],
  [
    'moves a file, a folder and a link',
    [move('a.txt', 'z/a.txt'), read('z/a.txt'), move('d', 'z/d'), read('z/d/e/c.ts'), move('to-a', 'l'), stat('l')],
    ['done', '"hello"', 'done', '"c"', 'done', 'symlink 777 5'],
  ],
  [
    'moves onto something only when that is said, and never onto a folder',
    [
      move('a.txt', 'read-only'),
      move('a.txt', 'read-only', { overwrite: true }),
      read('read-only'),
      move('same.txt', 'd'),
    ],
    ['files/already-exists', 'done', '"hello"', 'files/already-exists'],
  ],
  [
    'moves nothing into itself, nothing that is missing, and not the workspace',
    [
      move('d', 'd/e/f'),
      move('d', 'to-d/x'),
      move('x', 'y'),
      move('.', 'y'),
      move('a.txt', 'a.txt'),
      move('a.txt', '../y'),
    ],
    ['files/invalid-path', 'files/invalid-path', 'files/not-found', 'files/invalid-path', 'done', 'files/invalid-path'],
  ],
  [
    'keeps names of any bytes',
    [
      write({ base64: Buffer.from([0x62, 0xff]).toString('base64') }, 'odd'),
      list('.', { glob: 'b*' }),
      write('-r *\n"', 'x'),
      read('-r *\n"'),
    ],
    ['done', Buffer.from('/workspace/b\xff', 'latin1').toString('base64'), 'done', '"x"'],
  ],
  ['refuses a pattern that is none', [list('.', { glob: '../*' })], ['files/invalid-path']],
];

describe.each(cases)("of a session's files it %s", (_title, operations, expected) => {
  const prepared = () => checkpointFilledBy(fill, newDirectory());

  it('on a checkpoint', async () => {
    const { objects, manifest } = await prepared();
    const { answers } = await atRest(manifest, operations, objects);
    expect(answers.map(inShort)).toEqual(expected);
  });

  it('on a checkpoint, below /tmp', async () => {
    const root = newDirectory();
    fill(root, '/tmp');
    const objects = new MemoryObjects();
    const [tmp, manifest] = [await checkpointOf(root, objects), await checkpointOf(newDirectory(), objects)];
    const trees = { manifest, tmp, entries: 0, workspaceBytes: 0 };
    const { answers, head } = await onCheckpoint(trees, operations.map(belowTmp), objects);
    expect(answers.map(asInWorkspace).map(inShort)).toEqual(expected);
    expect(head?.manifest).toEqual(manifest);
  });

  it('on a disk', async () => {
    const { objects, manifest } = await prepared();
    const root = await restored(newDirectory(), manifest, objects);
    expect((await onDisk(root, newDirectory(), operations)).map(inShort)).toEqual(expected);
  });

  it('on a disk, below /tmp', async () => {
    const root = newDirectory();
    fill(root, '/tmp');
    const answers = await onDisk(newDirectory(), newDirectory(), operations.map(belowTmp), { tmp: root });
    expect(answers.map(asInWorkspace).map(inShort)).toEqual(expected);
  });

  it('with the same tree in the end', async () => {
    const { objects, manifest } = await prepared();
    const { head } = await atRest(manifest, operations, objects);
    const live = await restored(newDirectory(), manifest, objects);
    await onDisk(live, newDirectory(), operations);
    const rest = await restored(newDirectory(), head, objects);
    expect(withoutTimes(rest)).toEqual(withoutTimes(live));
  });
});

const withoutTimes = (root: string) => describeTree(root).map((line) => line.replace(/ \d{13,}(?= |$)/, ''));
