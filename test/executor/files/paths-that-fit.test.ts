import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';
import { atRest, checkpointFilledBy, inShort, onDisk, restored } from './both-ways.ts';

const newDirectory = useTemporaryDirectories();

const write = (path: string): FileOperation => ({ kind: 'write', path, content: { text: 'x' } });
const makeDirectory = (path: string): FileOperation => ({ kind: 'make-directory', path });
const move = (path: string, to: string): FileOperation => ({ kind: 'move', path, to });
const list = (path: string): FileOperation => ({ kind: 'list', path });

const names = (count: number, name: string): string => Array(count).fill(name).join('/');
/** A path of 15 names has 3764 bytes. */
const long = 'n'.repeat(250);

/** `link` leads to a folder whose path has 2007 bytes. */
function fill(root: string): void {
  mkdirSync(`${root}/empty`);
  symlinkSync(names(8, long), `${root}/link`);
}

const cases: readonly (readonly [string, readonly FileOperation[], readonly string[]])[] = [
  [
    'makes no file through a link whose path would have more than 4000 bytes, nor a folder for it',
    [
      write(`link/${names(7, 'e'.repeat(250))}/f`),
      write(`link/${names(8, 'e'.repeat(250))}/f`),
      makeDirectory(`link/${names(15, 'g'.repeat(200))}`),
    ],
    ['done', 'files/invalid-path', 'files/invalid-path'],
  ],
  [
    'moves no folder to where a path in it would have more than 4000 bytes',
    [write(`a/${names(15, long)}/f`), move('a', `${'y'.repeat(234)}/a`), move('a', `${'y'.repeat(230)}/a`), list('a')],
    ['done', 'files/invalid-path', 'done', 'files/not-found'],
  ],
  [
    'moves no folder to where something in it would be more than 256 folders deep',
    [
      ...[write(`a/${names(200, 'd')}/f`), makeDirectory(names(55, 'b'))],
      ...[move('a', `${names(55, 'b')}/a`), move('a', `${names(54, 'b')}/a`), list('a')],
    ],
    ['done', 'done', 'files/invalid-path', 'done', 'files/not-found'],
  ],
];

describe.each(cases)("of a session's files it %s", (_title, operations, expected) => {
  const prepared = () => checkpointFilledBy(fill, newDirectory());

  it('on a checkpoint, which can be restored', async () => {
    const { objects, manifest } = await prepared();
    const { answers, head } = await atRest(manifest, operations, objects);
    expect(answers.map(inShort)).toEqual(expected);
    await restored(newDirectory(), head, objects);
  });

  it('on a disk', async () => {
    const { objects, manifest } = await prepared();
    const root = await restored(newDirectory(), manifest, objects);
    expect((await onDisk(root, newDirectory(), operations)).map(inShort)).toEqual(expected);
  });
});
