import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { useExecutors } from '../executor/support/executor-world.ts';
import { startedProcesses } from '../executor/support/host-processes.ts';
import { mountsOfExecutors, startCensus, startOwnCensus, whatIsLeft } from './census.ts';

const world = useExecutors();

describe('the census of what executors leave', () => {
  it.each([
    ['36 35 8:1 /tmp/executor-aB3dE9/workspace /mnt rw,relatime - ext4 /dev/sda1 rw', 1],
    ['37 35 0:40 / /tmp/newroot/tmp rw,nosuid - tmpfs tmpfs rw', 1],
    [
      '47 42 0:40 / /tmp/sandbus-images-QHKZH0/store/root/overlay/33f/merged rw - overlay overlay rw,lowerdir=l/ETSOUGB',
      0,
    ],
  ])('counts the mounts that executors can have made, and not those of others: %s', (line, count) => {
    expect(mountsOfExecutors(`22 1 8:1 / / rw - ext4 /dev/sda1 rw\n${line}\n`)).toHaveLength(count);
  });

  it('finds a command that still runs by all that hangs on it, and nothing once it has ended', async () => {
    const census = startCensus(world.publications().env.PUBSUB_EMULATOR_HOST ?? '');
    const { executor, event } = await world.start({
      request: { command: 'sleep 8771' },
      limits: { timeoutMs: 60_000 },
    });
    const [sleep] = await startedProcesses('sleep', '8771');
    expect(census.left()).toEqual([]);
    census.observe();
    const during = census.left();
    expect(during).toContain(`process ${sleep} (sleep)`);
    expect(during.filter((one) => one.startsWith('process ')).length).toBeGreaterThanOrEqual(4);
    executor.kill('SIGTERM');
    await event();
    await executor.ended;
    expect([await whatIsLeft(census), census.seen()]).toEqual([[], 1]);
  });

  it('finds what this process has started itself, and nothing that it had before', async () => {
    const earlier = spawn('sleep', ['8773']);
    const census = startOwnCensus();
    const later = spawn('sleep', ['8774']);
    census.observe();
    expect(census.left()).toEqual([`process ${later.pid} (sleep)`]);
    later.kill('SIGKILL');
    expect(await whatIsLeft(census)).toEqual([]);
    earlier.kill('SIGKILL');
  });

  it('knows nothing of the executors of others', async () => {
    const census = startCensus('somebody-else');
    const { executor } = await world.start({ request: { command: 'sleep 8772' } });
    await startedProcesses('sleep', '8772');
    census.observe();
    expect([census.seen(), census.left()]).toEqual([0, []]);
    executor.kill('SIGTERM');
    await executor.ended;
  });
});
