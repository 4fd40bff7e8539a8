import { describe, expect, it } from '@jest/globals';
import { eventually, processesOf } from '../conformance/run/run-fixture.ts';
import { createAllWriters } from '../support/killed-server/all-writers.ts';
import { useKillLoop } from '../support/killed-server/kill-loop.ts';
import { startUpProcess } from '../support/killed-server/server-process.ts';

const kills = 12;
const seed = 20_260_205;
const loop = useKillLoop();

describe('sandbus up --data that is killed', () => {
  it(`has ${kills} times all that any of its four servers acknowledged when it is started again, and leaves no process`, async () => {
    const writers = createAllWriters(seed);
    const { last, ...report } = await loop.run({
      start: startUpProcess,
      writers,
      kills,
      seed,
      mostWrites: 400,
      longestStartMs: 800,
    });
    const counts = writers.counts();

    const left = await writers.drain(last);
    await loop.end();
    await eventually('no process of a task is left', () => processesOf(loop.folder).length === 0);

    expect([...report.faults, ...left]).toEqual([]);
    expect(report.killedStarting + report.killedWriting).toBe(kills);
    expect(report.acknowledged).toBeGreaterThan(500);
    expect(counts.published).toBeGreaterThan(100);
    expect(Math.min(counts.commits, counts.objects, counts.chunks, counts.jobs)).toBeGreaterThan(20);
  }, 300_000);
});
