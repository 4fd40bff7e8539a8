import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCase } from '../acceptance/run-case.ts';
import { selectCases } from '../acceptance/selection.ts';
import { useStack } from '../support/stack.ts';
import { containedStackEnv } from './support/contained-stack.ts';
import type { ImageWorld } from './support/image-world.ts';

/** Cases at a time: more than cores, since an engine also waits. */
const atOnce = 4;
const allMinutes = 40 * 60_000;

/**
 * The groups that a wall has to do with, each command in a container of its own. All of them behind the one that is seen
 * nowhere else in one piece; behind bubblewrap, which runs all cases on the machine itself, those that containers may change.
 */
const groups = { container: ['exit', 'state', 'limits', 'security'], bubblewrap: ['limits', 'security'] } as const;

const cases = selectCases();
const casesOf = (names: readonly string[]) => cases.filter(({ group }) => names.includes(group));
const perWall = { container: casesOf(groups.container), bubblewrap: casesOf(groups.bubblewrap) } as const;

/** The acceptance cases through the public SDK, each command in a container that the launcher starts for it. */
export function describeAcceptance(world: ImageWorld): void {
  describe.each([
    'container',
    'bubblewrap',
  ] as const)('what peers expect of a shell sandbox, in containers with the wall %s', (wall) => {
    const stack = useStack({ env: containedStackEnv(world, wall) });
    const found = new Map<string, readonly string[]>();

    beforeAll(async () => {
      const queue = [...perWall[wall]];
      const work = async () => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
          found.set(one.id, await runCase(one, stack(), wall));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    }, allMinutes);

    it('is asked in every group', () => {
      expect([...new Set(perWall[wall].map(({ group }) => group))].sort()).toEqual([...groups[wall]].sort());
    });

    it.each(perWall[wall])('$group: $id', ({ id }) => {
      expect(found.get(id)).toEqual([]);
    });

    it('is told with the wall that it ran behind', async () => {
      const { wall: told } = await stack().sandbus.session('which-wall').exec('true');
      expect(told).toBe(wall);
    });
  });
}
