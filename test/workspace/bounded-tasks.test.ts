import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BoundedTasks } from '../../workspace/bounded-tasks.ts';

describe('bounded tasks', () => {
  it('run next to each other up to their bound', async () => {
    const tasks = new BoundedTasks(3);
    let running = 0;
    let peak = 0;
    for (let i = 0; i < 10; i += 1) {
      await tasks.start(async () => {
        running += 1;
        peak = Math.max(peak, running);
        await setImmediate();
        running -= 1;
      });
    }
    await tasks.finish();
    expect({ running, peak }).toEqual({ running: 0, peak: 3 });
  });

  it('throw the first failure to the next who comes, and at the end', async () => {
    const tasks = new BoundedTasks(1);
    await tasks.start(async () => {
      throw new Error('first');
    });
    await expect(tasks.start(async () => {})).rejects.toThrow('first');
    await expect(tasks.finish()).rejects.toThrow('first');
    await expect(tasks.settle()).resolves.toBeUndefined();
  });
});
