import { describe, expect, it } from '@jest/globals';
import { useKillLoop } from '../../support/killed-server/kill-loop.ts';
import { createPubsubWriters } from '../../support/killed-server/pubsub-writers.ts';
import { startServerProcess } from '../../support/killed-server/server-process.ts';

const kills = 50;
const loop = useKillLoop();

describe('a server that is killed and started again', () => {
  it(`has ${kills} times lost no acknowledged publish, published no request in part, brought back nothing that was acknowledged to it, and kept the order of keys`, async () => {
    const writers = createPubsubWriters();
    const { last, ...report } = await loop.run({
      start: (folder) => startServerProcess('pubsub', folder),
      writers,
      kills,
      seed: 20_260_201,
      mostWrites: 80,
      longestStartMs: 150,
    });
    const { published, acked } = writers.counts();

    expect([...report.faults, ...(await writers.drain(last))]).toEqual([]);
    expect(report.killedStarting + report.killedWriting).toBe(kills);
    expect(report.killedStarting).toBeGreaterThan(10);
    expect(report.acknowledged).toBeGreaterThan(500);
    expect(published).toBeGreaterThan(2000);
    expect(acked).toBeGreaterThan(300);
  }, 300_000);
});
