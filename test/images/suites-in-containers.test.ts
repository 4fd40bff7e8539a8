import { afterAll, expect } from '@jest/globals';
import { describeEscape } from './escape-in-containers.ts';
import { describeLimits } from './limits-in-containers.ts';
import { buildWhereItCan, whereBuilt } from './support/where-built.ts';

/* The suites that hold on a machine, with the executor in a container. */
whereBuilt(await buildWhereItCan(), (world) => {
  afterAll(async () => {
    expect(await world.close()).toEqual([]);
  }, 300_000);

  describeEscape(world);
  describeLimits(world);
});
