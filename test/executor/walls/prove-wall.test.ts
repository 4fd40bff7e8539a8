import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCommandFolders } from '../../../executor/session-folders.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { noWall } from '../../../executor/walls/none.ts';
import { proveWall } from '../../../executor/walls/prove-wall.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

const wall = chooseWall('auto', process.pid);
let bench: CommandBench;
beforeAll(async () => {
  bench = await createBench(wall);
});
afterAll(() => bench.close());

const folders = () => createCommandFolders(bench.folders, new Map(), wall.owner);

describe('the proof of a wall', () => {
  it('succeeds for bubblewrap', async () => {
    await expect(proveWall(wall, await folders())).resolves.toBeUndefined();
  });

  it('fails for what only calls itself a wall, and says what was possible', async () => {
    const open = { ...noWall, kind: 'bubblewrap' as const };
    await expect(proveWall(open, await folders())).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringContaining('a process of others, can be seen'),
    });
  });

  it('fails for a wall that cannot be raised, and says why', async () => {
    const root = mkdtempSync(join(tmpdir(), 'prove-'));
    mkdirSync(join(root, 'input'));
    const broken = { workspace: join(root, 'absent'), input: join(root, 'input'), output: join(root, 'absent') };
    await expect(proveWall(wall, broken)).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringMatching(/bwrap: Can't|Permission denied/),
    });
    rmSync(root, { recursive: true });
  });

  it('is not asked for where the operator wants no wall', async () => {
    await expect(proveWall(noWall, { workspace: '/', input: '/', output: '/' })).resolves.toBeUndefined();
  });
});

describe('the wall that is used', () => {
  it.each([
    ['auto', 'bubblewrap'],
    ['bubblewrap', 'bubblewrap'],
    ['none', 'none'],
  ] as const)('for %s is %s', (choice, kind) => {
    expect(chooseWall(choice, 1).kind).toBe(kind);
  });

  it('has another user in every executor', () => {
    expect(chooseWall('auto', 1).owner).not.toEqual(
      expect.objectContaining({ uid: chooseWall('auto', 2).owner?.uid ?? -1 }),
    );
  });
});
