import { describe, expect, it } from '@jest/globals';
import { takeTurns } from '../../../result-collector/webhooks/take-turns.ts';

function aTask() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let isStarted = false;
  const task = () => {
    isStarted = true;
    return promise;
  };
  return { task, resolve, reject, isStarted: () => isStarted };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('let so many of one key run, so many wait, and turn the rest away', async () => {
    const inTurn = takeTurns({ atOnce: 1, waiting: 1 });
    const [first, second, third] = [aTask(), aTask(), aTask()];
    const ends = [inTurn('a', first.task), inTurn('a', second.task), inTurn('a', third.task)];
    expect(await ends[2]).toBeNull();
    expect([first, second, third].map((one) => one.isStarted())).toEqual([true, false, false]);
    first.resolve('one');
    second.resolve('two');
    expect(await Promise.all(ends)).toEqual(['one', 'two', null]);
  });
  it('of one key take none of another', async () => {
    const inTurn = takeTurns({ atOnce: 1, waiting: 0 });
    const slow = aTask();
    const end = inTurn('slow', slow.task);
    expect(await inTurn('other', async () => 'done')).toBe('done');
    slow.resolve('late');
    expect(await end).toBe('late');
  });
  it('are handed on by a task that fails, and never to more than may run', async () => {
    const inTurn = takeTurns({ atOnce: 1, waiting: 2 });
    const [first, second, third] = [aTask(), aTask(), aTask()];
    const ends = [first, second, third].map(({ task }) => inTurn('a', task).catch(String));
    first.reject(new Error('no'));
    await settled();
    expect([second.isStarted(), third.isStarted()]).toEqual([true, false]);
    second.resolve('two');
    third.resolve('three');
    expect(await Promise.all(ends)).toEqual(['Error: no', 'two', 'three']);
    expect(await inTurn('a', async () => 'again')).toBe('again');
  });
});
