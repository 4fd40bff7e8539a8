import { describe, expect, it } from '@jest/globals';
import { useKillLoop } from '../../support/killed-server/kill-loop.ts';
import { startServerProcess } from '../../support/killed-server/server-process.ts';
import { createStorageWriters } from '../../support/killed-server/storage-writers.ts';

const kills = 50;
const seed = 20_260_203;
const loop = useKillLoop();

describe('a server that is killed', () => {
  it(`has ${kills} times after its restart every upload, chunk and deletion that was acknowledged`, async () => {
    const writers = createStorageWriters(seed);
    const { last: _, ...report } = await loop.run({
      start: (folder) => startServerProcess('storage', folder),
      writers,
      kills,
      seed,
      mostWrites: 80,
      longestStartMs: 50,
    });
    const { objects, deletions, chunks, uploads } = writers.counts();

    expect(report.faults).toEqual([]);
    expect(report.killedStarting + report.killedWriting).toBe(kills);
    expect(report.killedStarting).toBeGreaterThan(10);
    expect(report.acknowledged).toBeGreaterThan(500);
    expect(Math.min(objects, deletions, chunks, uploads)).toBeGreaterThan(10);
  }, 300_000);

  it('leaves its folder to the next one, and to nobody while it lives', async () => {
    const first = startServerProcess('storage', loop.folder);
    await first.listening;
    await expect(startServerProcess('storage', loop.folder).listening).rejects.toThrow('is in use by another process');
    first.kill();
    await first.gone;
    const second = startServerProcess('storage', loop.folder);
    await expect(second.listening).resolves.toBeGreaterThan(0);
    second.kill();
    await second.gone;
  });
});
