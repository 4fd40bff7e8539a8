import { afterAll, expect } from '@jest/globals';
import { describeAcceptance } from './acceptance-in-containers.ts';
import { buildWhereItCan, whereBuilt } from './support/where-built.ts';

/* Beside the other suites, so that neither takes too long. */
whereBuilt(await buildWhereItCan(), (world) => {
  afterAll(async () => {
    expect(await world.close()).toEqual([]);
  }, 300_000);

  describeAcceptance(world);
});
