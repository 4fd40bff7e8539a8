import { describe, expect, it } from '@jest/globals';
import { createFirestoreWriters } from '../../support/killed-server/firestore-writers.ts';
import { useKillLoop } from '../../support/killed-server/kill-loop.ts';
import { startServerProcess } from '../../support/killed-server/server-process.ts';

const kills = 50;
const loop = useKillLoop();

describe('a server that is killed while clients write', () => {
  it(`has ${kills} times every acknowledged commit when it starts again, and none in part`, async () => {
    const writers = createFirestoreWriters();
    const { last: _, ...report } = await loop.run({
      start: (folder) => startServerProcess('firestore', folder),
      writers,
      kills,
      seed: 20_260_202,
      mostWrites: 120,
      longestStartMs: 150,
    });

    expect(report.faults).toEqual([]);
    expect(report.killedStarting + report.killedWriting).toBe(kills);
    expect(report.killedStarting).toBeGreaterThan(10);
    expect(report.acknowledged).toBeGreaterThan(800);
    expect(Math.min(...Object.values(writers.counts()))).toBeGreaterThan(20);
  }, 300_000);
});
