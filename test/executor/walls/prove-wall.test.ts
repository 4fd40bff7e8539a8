import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { noWall } from '../../../executor/walls/none.ts';
import { proveWall } from '../../../executor/walls/prove-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

const wall = chooseWall('auto', process.pid);
let bench: CommandBench;
beforeAll(async () => {
  bench = await createBench(wall);
});
afterAll(() => bench.close());

describe('the proof of a wall', () => {
  it('succeeds for bubblewrap', async () => {
    const raised = await bench.raised();
    await expect(raised.prove()).resolves.toBeUndefined();
  });

  it('fails for what only calls itself a wall, and says what was possible', async () => {
    const open = await noWall.raise({ folders: bench.folders });
    await expect(proveWall('bubblewrap', open, bench.folders)).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringContaining('a process of others, can be seen'),
    });
  });

  it('is not asked for where the operator wants no wall', async () => {
    const raised = await noWall.raise({ folders: bench.folders });
    await expect(raised.prove()).resolves.toBeUndefined();
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

useOwnCensus();
