import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCensus } from '../support/census.ts';
import { useStack } from '../support/stack.ts';
import { runCase } from './run-case.ts';
import { selectCases } from './selection.ts';

const stack = useStack();
const observe = useCensus(() => stack().stack.env.PUBSUB_EMULATOR_HOST ?? '');
const cases = selectCases();
/** Cases at a time: more than cores, since a command also waits. */
const atOnce = 4;
const allMinutes = 40 * 60_000;

/** What the machine has not cannot be asked of the project. */
const isThere = (tool: string) => spawnSync('bash', ['-c', `command -v ${tool}`]).status === 0;
const missing = new Set(cases.flatMap(({ needs = [] }) => needs).filter((tool) => !isThere(tool)));
const runnable = cases.filter(({ needs = [] }) => !needs.some((tool) => missing.has(tool)));

describe('what peers expect of a shell sandbox', () => {
  const found = new Map<string, readonly string[]>();

  beforeAll(async () => {
    const queue = [...runnable];
    const work = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        found.set(one.id, await runCase(one, stack(), 'case'));
        observe();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }, allMinutes);

  it('is asked in enough cases', () => {
    expect(runnable.length).toBeGreaterThan(150);
  });

  it.each(runnable)('$group: $id', ({ id }) => {
    expect(found.get(id)).toEqual([]);
  });
});
