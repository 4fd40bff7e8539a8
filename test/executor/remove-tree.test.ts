import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeTree } from '../../executor/remove-tree.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remove-tree-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = (script: string) =>
  spawnSync('bash', ['-c', script], { cwd: folder, env: { PATH: process.env.PATH, LONG: 'n'.repeat(200) } });

describe('the removal of what a command has written', () => {
  it.each([
    ['nothing', 'true'],
    ['a file', 'echo x > tree'],
    ['a tree', 'mkdir -p tree/a/b; touch tree/a/b/c'],
    ['names that are not text', "mkdir tree; touch tree/$'\\xff\\xfe' tree/$'a\\nb'"],
    [
      'paths longer than the kernel takes',
      'mkdir tree; cd tree; for n in {1..30}; do mkdir $LONG; cd $LONG; done; touch end',
    ],
    [
      'wide and deep folders that nobody may enter',
      'mkdir tree; cd tree; for n in {1..30}; do mkdir $LONG beside; touch beside/file; chmod 000 beside; cd $LONG; done; cd ../..; chmod 000 $LONG',
    ],
    [
      'links, and not what they lead to',
      'echo kept > kept; mkdir tree; ln -s ../kept tree/link; ln -s .. tree/up; ln -s . tree/self',
    ],
  ])('removes %s', async (_what, script) => {
    make(script);
    await removeTree(join(folder, 'tree'));
    expect([existsSync(join(folder, 'tree')), readdirSync(folder).filter((name) => name !== 'kept')]).toEqual([
      false,
      [],
    ]);
  });

  it('leaves alone what links inside a deep tree lead to', async () => {
    make(
      'mkdir -p others; echo kept > others/file; top=$PWD; mkdir tree; cd tree; for n in {1..30}; do ln -s "$top/others" link; mkdir $LONG; cd $LONG; done',
    );
    await removeTree(Buffer.from(join(folder, 'tree')));
    expect(readdirSync(folder)).toEqual(['others']);
    expect(readFileSync(join(folder, 'others/file'), 'utf8')).toBe('kept\n');
  });
});
