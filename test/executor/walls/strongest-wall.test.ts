import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { createSessionFolders } from '../../../executor/session-folders.ts';
import { noWall } from '../../../executor/walls/none.ts';
import { createStrongestWall } from '../../../executor/walls/strongest-wall.ts';
import type { RaisedWall, Wall } from '../../../executor/walls/wall.ts';

const scratch = mkdtempSync(join(tmpdir(), 'strongest-'));
const folders = await createSessionFolders(scratch, null);
afterAll(() => rmSync(scratch, { recursive: true }));

type Fate = 'holds' | 'cannot be raised' | 'does not hold' | 'falls';

/** A kind of wall with this fate, or one each time it is raised, and what became of it. */
function candidate(kind: Wall['kind'], fate: Fate | readonly Fate[], history: string[]): Wall {
  const fates = [fate].flat();
  const raise = async (): Promise<RaisedWall> => {
    const fate = fates.length > 1 ? fates.shift() : fates[0];
    history.push(`${kind} raised`);
    if (fate === 'cannot be raised') throw new PipelineError('wall/unavailable', fate);
    return {
      ...(await noWall.raise({ folders })),
      prove: async () => {
        history.push(`${kind} proved`);
        if (fate !== 'holds') throw new PipelineError('wall/unavailable', String(fate));
      },
      hasFallen: () => fate === 'falls',
      leavesOpen: () => [kind],
      close: async () => void history.push(`${kind} closed`),
    };
  };
  return { ...noWall, kind, isConfinable: kind === 'bubblewrap', raise };
}

describe('the strongest wall', () => {
  it('looks like the first candidate until it was raised', () => {
    const history: string[] = [];
    const wall = createStrongestWall([
      candidate('bubblewrap', 'does not hold', history),
      candidate('container', 'holds', history),
    ]);
    expect([wall.kind, history]).toEqual(['bubblewrap', []]);
  });

  it.each([
    ['cannot be raised', ['bubblewrap raised', 'container raised', 'container proved']],
    [
      'does not hold',
      ['bubblewrap raised', 'bubblewrap proved', 'bubblewrap closed', 'container raised', 'container proved'],
    ],
  ] as const)('is the next one where one %s', async (fate, expected) => {
    const history: string[] = [];
    const wall = createStrongestWall([
      candidate('bubblewrap', fate, history),
      candidate('container', 'holds', history),
    ]);
    const raised = await wall.raise({ folders });
    expect([wall.kind, wall.isConfinable, raised.leavesOpen()]).toEqual(['container', false, ['container']]);
    expect(history).toEqual(expected);
  });

  it('is not given up for a weaker one because it fell while it was proved', async () => {
    const history: string[] = [];
    const wall = createStrongestWall([
      candidate('bubblewrap', ['falls', 'holds'], history),
      candidate('container', 'holds', history),
    ]);
    await wall.raise({ folders });
    const once = ['bubblewrap raised', 'bubblewrap proved'];
    expect([wall.kind, history]).toEqual(['bubblewrap', [...once, 'bubblewrap closed', ...once]]);
  });

  it('is the next one where one falls each time', async () => {
    const history: string[] = [];
    const wall = createStrongestWall([
      candidate('bubblewrap', 'falls', history),
      candidate('container', 'holds', history),
    ]);
    await wall.raise({ folders });
    expect([wall.kind, history.filter((line) => line === 'bubblewrap raised').length]).toEqual(['container', 3]);
  });

  it('is proved once, and stays the same kind when it is raised again', async () => {
    const history: string[] = [];
    const wall = createStrongestWall([
      candidate('bubblewrap', 'holds', history),
      candidate('container', 'holds', history),
    ]);
    const raised = await wall.raise({ folders });
    await raised.prove();
    const again = await wall.raise({ folders });
    await again.prove();
    expect(history).toEqual(['bubblewrap raised', 'bubblewrap proved', 'bubblewrap raised', 'bubblewrap proved']);
  });

  it('is none that gives no network where one is asked for', async () => {
    const history: string[] = [];
    const closed = { ...candidate('container', 'holds', history), network: 'closed' } as const;
    const open = { ...candidate('bubblewrap', 'does not hold', history), network: 'by-proxy' } as const;
    const network = { port: 1, onListening: () => {} };
    await expect(createStrongestWall([open, closed]).raise({ folders, network })).rejects.toMatchObject({
      message: '[wall/unavailable] no wall holds here. bubblewrap: does not hold',
    });
    expect(history).not.toContain('container raised');
  });

  it('says of each candidate why it does not hold, where none does', async () => {
    const wall = createStrongestWall([
      candidate('bubblewrap', 'cannot be raised', []),
      candidate('container', 'does not hold', []),
    ]);
    await expect(wall.raise({ folders })).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: '[wall/unavailable] no wall holds here. bubblewrap: cannot be raised · container: does not hold',
    });
  });
});
