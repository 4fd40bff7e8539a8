import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { createSessionFolders } from '../../../executor/session-folders.ts';
import { noWall } from '../../../executor/walls/none.ts';
import { StandingWall } from '../../../executor/walls/standing-wall.ts';
import type { RaisedWall, RaiseSpec, Wall } from '../../../executor/walls/wall.ts';

const scratch = mkdtempSync(join(tmpdir(), 'standing-'));
const folders = await createSessionFolders(scratch, null);
afterAll(() => rmSync(scratch, { recursive: true }));

type Fate = 'stands' | 'has fallen' | 'cannot be raised' | 'does not hold';

/** A kind of wall whose first ones have these fates; all others stand. Tells of each what became of it. */
function wallWith(fates: readonly Fate[]): Wall & { readonly history: string[] } {
  const left = [...fates];
  const history: string[] = [];
  const raise = async (): Promise<RaisedWall> => {
    const fate = left.shift() ?? 'stands';
    history.push('raised');
    if (fate === 'cannot be raised') throw new PipelineError('wall/unavailable', fate);
    const standing = await noWall.raise({ folders });
    return {
      ...standing,
      hasFallen: () => fate === 'has fallen',
      prove: async () => {
        history.push('proved');
        if (fate === 'does not hold') throw new PipelineError('wall/unavailable', fate);
      },
      close: async () => void history.push('closed'),
    };
  };
  return { ...noWall, raise, history };
}

describe('the wall of a lease', () => {
  it('is raised and proved once, however often it is asked for', async () => {
    const wall = wallWith([]);
    const standing = new StandingWall(wall, { folders });
    expect(await standing.get()).toBe(await standing.get());
    expect(wall.history).toEqual(['raised', 'proved']);
  });

  it('is replaced by another one, proved too, where /tmp is to have another size', async () => {
    const wall = wallWith([]);
    const standing = new StandingWall(wall, { folders, tmpMb: 5 });
    const first = await standing.get({ tmpMb: 5 });
    expect(await standing.get()).toBe(first);
    const second = await standing.get({ tmpMb: 6 });
    expect([await standing.get({ tmpMb: 6 }), wall.history]).toEqual([
      second,
      ['raised', 'proved', 'closed', 'raised', 'proved'],
    ]);
  });

  it('is put up again and proved again when it has fallen', async () => {
    const wall = wallWith(['has fallen']);
    await new StandingWall(wall, { folders }).get();
    expect(wall.history).toEqual(['raised', 'proved', 'closed', 'raised', 'proved']);
  });

  it.each([
    ['cannot be raised', ['raised', 'raised', 'proved']],
    ['does not hold', ['raised', 'proved', 'closed', 'raised', 'proved']],
  ] as const)('that %s is told once, and tried again when it is asked for again', async (fate, history) => {
    const wall = wallWith([fate]);
    const standing = new StandingWall(wall, { folders });
    await expect(standing.get()).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringContaining(fate),
    });
    await expect(standing.get()).resolves.toBeDefined();
    expect(wall.history).toEqual(history);
  });

  it('has a network from the first on when the first command asks for one', async () => {
    const wall = { ...wallWith([]), network: 'by-proxy' as const };
    const asked: unknown[] = [];
    const raise = async ({ network }: RaiseSpec) => {
      asked.push(network);
      throw new PipelineError('wall/unavailable', 'enough');
    };
    const standing = new StandingWall({ ...wall, raise }, { folders, withNetwork: true });
    await expect(standing.get({ withNetwork: true })).rejects.toThrow('enough');
    expect(asked).toMatchObject([{ port: 3128 }]);
  });

  it('is raised again, with a network, when a later command asks for one', async () => {
    const wall = { ...wallWith(['stands', 'cannot be raised']), network: 'by-proxy' as const };
    const standing = new StandingWall(wall, { folders });
    await standing.get();
    await expect(standing.get({ withNetwork: true })).rejects.toThrow('cannot be raised');
    expect(wall.history).toEqual(['raised', 'proved', 'closed', 'raised']);
  });

  it('is raised again once, with a network and another size of /tmp, when a later command asks for both', async () => {
    const wall = { ...wallWith(['stands', 'cannot be raised']), network: 'by-proxy' as const };
    const asked: Partial<RaiseSpec>[] = [];
    const raise = (spec: RaiseSpec) => {
      asked.push({ tmpMb: spec.tmpMb ?? 0, network: spec.network ?? null });
      return wall.raise(spec);
    };
    const standing = new StandingWall({ ...wall, raise }, { folders, tmpMb: 5 });
    await standing.get();
    await expect(standing.get({ withNetwork: true, tmpMb: 6 })).rejects.toThrow('cannot be raised');
    expect(asked).toMatchObject([
      { tmpMb: 5, network: null },
      { tmpMb: 6, network: { port: 3128 } },
    ]);
  });

  it.each([
    'of-the-machine',
    'closed',
  ] as const)('whose network is %s is never raised again for one', async (network) => {
    const wall = { ...wallWith([]), network };
    const standing = new StandingWall(wall, { folders });
    expect(await standing.get({ withNetwork: true })).toBe(await standing.get());
    expect(wall.history).toEqual(['raised', 'proved']);
  });

  it('is taken down when it is closed, also while it is being raised', async () => {
    const wall = wallWith([]);
    await new StandingWall(wall, { folders }).close();
    expect(wall.history).toEqual(['raised', 'proved', 'closed']);
  });

  it('is not put up again after it was closed', async () => {
    const wall = wallWith(['has fallen']);
    const standing = new StandingWall(wall, { folders });
    const asked = standing.get();
    await Promise.all([expect(asked).rejects.toMatchObject({ code: 'wall/unavailable' }), standing.close()]);
    expect(wall.history.filter((one) => one === 'raised')).toEqual(['raised']);
  });
});
