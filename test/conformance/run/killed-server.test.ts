import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useKillLoop } from '../../support/killed-server/kill-loop.ts';
import { createRunWriters } from '../../support/killed-server/run-writers.ts';
import { startServerProcess } from '../../support/killed-server/server-process.ts';
import { nothingLeft } from './run-fixture.ts';

const kills = 50;
const loop = useKillLoop();

describe('a server that is killed at any moment', () => {
  it(`has ${kills} times every acknowledged job, execution and deletion when it is started again on the same folder, and leaves no process`, async () => {
    const writers = createRunWriters();
    const { last: _, ...report } = await loop.run({
      start: (folder) => startServerProcess('run', folder),
      writers,
      kills,
      seed: 20_260_204,
      mostWrites: 60,
      longestStartMs: 150,
    });
    const { jobs, deletedJobs, started, succeeded } = writers.counts();
    await loop.end();
    await nothingLeft(join(loop.folder, 'scratch'));

    expect(report.faults).toEqual([]);
    expect(report.killedStarting + report.killedWriting).toBe(kills);
    expect(report.killedStarting).toBeGreaterThan(10);
    expect(report.acknowledged).toBeGreaterThan(400);
    expect(Math.min(jobs, deletedJobs, started)).toBeGreaterThan(50);
    expect(succeeded).toBeGreaterThan(5);
  }, 300_000);
});
