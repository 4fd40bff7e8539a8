import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { runAhead } from '../../workspace/run-ahead.ts';

/** Tasks that note when they start and end. */
function someTasks(count: number, log: string[]) {
  return Array.from({ length: count }, (_, i) => async () => {
    log.push(`start ${i}`);
    await setImmediate();
    log.push(`end ${i}`);
    return i;
  });
}

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const result of results) collected.push(result);
  return collected;
}

describe('tasks that run ahead', () => {
  it('give their results in order', async () => {
    expect(await collect(runAhead(someTasks(7, []), 2))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await collect(runAhead(someTasks(0, []), 2))).toEqual([]);
  });

  it('have started before the reader is done with the result before them, and not sooner', async () => {
    const log: string[] = [];
    for await (const result of runAhead(someTasks(4, log), 1)) log.push(`got ${result}`);
    expect(log.indexOf('start 1')).toBeLessThan(log.indexOf('got 0'));
    expect(log.indexOf('start 2')).toBeGreaterThan(log.indexOf('got 0'));
  });

  it('have all ended when the reader stops', async () => {
    const log: string[] = [];
    for await (const _ of runAhead(someTasks(9, log), 3)) break;
    expect(log.filter((line) => line.startsWith('start'))).toHaveLength(4);
    expect(log.filter((line) => line.startsWith('end'))).toHaveLength(4);
  });

  it('have all ended when one fails, which the reader is told in its turn', async () => {
    const log: string[] = [];
    const failing = async () => {
      throw new Error('no luck');
    };
    const [first, ...others] = someTasks(5, log);
    const tasks = [first ?? failing, failing, ...others];
    const results: number[] = [];
    const reading = (async () => {
      for await (const result of runAhead<number>(tasks, 3)) results.push(result);
    })();
    await expect(reading).rejects.toThrow('no luck');
    expect(results).toEqual([0]);
    expect(log.filter((line) => line.startsWith('start')).length).toBe(
      log.filter((line) => line.startsWith('end')).length,
    );
  });
});
