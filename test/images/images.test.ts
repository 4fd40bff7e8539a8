import process from 'node:process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeExecutorImage } from './executor-image.ts';
import { describeLauncher } from './launcher-in-containers.ts';
import { describeServicesImage } from './services-image.ts';
import { buildWhereItCan, whereBuilt } from './support/where-built.ts';

/*
 * One file for all that needs the images, so that they are built once. The tests stand beside it, by subject.
 */

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

whereBuilt(await buildWhereItCan(), (world, builtMs) => {
  afterAll(async () => {
    expect(await world.close()).toEqual([]);
  }, 300_000);

  describe('the images', () => {
    it('are built from this checkout, and say how large they are', async () => {
      const [executor, services] = await Promise.all([world.bytes('executor'), world.bytes('services')]);
      process.stderr.write(
        `images built in ${Math.round(builtMs / 1000)} s: executor ${megabytes(executor)}, services ${megabytes(services)}\n`,
      );
      expect([executor > 50e6, services > 50e6]).toEqual([true, true]);
    });

    it('are the same to the last byte when they are built again, but for what Node has compiled beforehand', async () => {
      const [first, second] = [world.ids, await world.rebuild()];
      expect(second.get('services')).toBe(first.get('services'));
      const contents = async (ids: typeof first) => new Set(await world.contents(ids.get('executor') ?? ''));
      const [before, after] = [await contents(first), await contents(second)];
      expect(before.size).toBeGreaterThan(5000);
      expect([...after.symmetricDifference(before)]).toEqual([]);
    }, 300_000);
  });

  describeServicesImage(world);
  describeExecutorImage(world);
  describeLauncher(world);
});
