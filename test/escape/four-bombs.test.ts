import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionResult, RunningExecution } from '../../client/index.ts';
import { useCensus } from '../support/census.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack({ executorEnv: { EXECUTOR_LINGER_MS: '60000' } });
const observe = useCensus(() => stack().stack.env.PUBSUB_EMULATOR_HOST ?? '');

/**
 * What each does is bounded by itself as well, so that a machine without the limits is slow for a while and no more.
 * None ends before it is cancelled, or stopped by a limit.
 */
const bombs = {
  'a fork bomb': {
    command: 'bomb() { bomb | bomb & }; while :; do bomb 2>/dev/null; sleep 0.05; done',
    limits: { pids: 48 },
    ends: ['cancelled', 'timed-out', 'exited', 'signaled'],
  },
  'ten gigabytes of output': {
    command: 'yes | head -c 10G; sleep 600',
    limits: { outputBytes: 1024 * 1024 },
    ends: ['output-limit'],
  },
  'a memory bomb': {
    command: 'while :; do head -c 300M /dev/zero | tail | wc -c; sleep 0.05; done',
    limits: { memoryMb: 48 },
    // Where no control group can be made the command goes on until it is cancelled.
    ends: ['out-of-memory', 'cancelled'],
  },
  'a disk bomb': {
    command:
      'for n in {1..40}; do head -c 20M /dev/zero > f$n || rm -f f*; done; head -c 1G /dev/zero > /tmp/f; rm -f f* /tmp/f; sleep 600',
    limits: { workspaceMb: 128 },
    ends: ['cancelled', 'exited', 'signaled'],
  },
} as const;

const names = Object.keys(bombs) as (keyof typeof bombs)[];
const echoes = 12;

describe('four bombs at the same time, in sessions of their own', () => {
  const results = new Map<string, ExecutionResult>();
  const said: string[] = [];

  beforeAll(async () => {
    const { sandbus } = stack();
    const fifth = sandbus.session(`fifth-${randomUUID()}`);
    await fifth.exec('echo warm > kept');
    const running: [string, RunningExecution][] = await Promise.all(
      names.map(async (name) => {
        const { command, limits } = bombs[name];
        const session = sandbus.session(`bomb-${randomUUID()}`);
        // All four have a shell that stands before any of them begins.
        await session.exec('true');
        return [name, await session.start(command, { limits, timeoutMs: 120_000, live: false })];
      }),
    );
    for (let n = 0; n < echoes; n++) {
      observe();
      said.push((await fifth.exec(`echo ${n}; cat kept`)).stdout);
    }
    observe();
    for (const [name, execution] of running) {
      await execution.kill();
      results.set(name, await execution.wait());
    }
  }, 300_000);

  it("leave a fifth session's commands unharmed, each of them", () => {
    expect(said).toEqual(Array.from({ length: echoes }, (_, n) => `${n}\nwarm\n`));
  });

  it.each(names)('end as what they are: %s', (name) => {
    expect(bombs[name].ends).toContain(results.get(name)?.outcome.kind);
  });

  it('leave sessions that go on', async () => {
    const { stdout } = await stack().sandbus.session(`after-${randomUUID()}`).exec('echo on');
    expect(stdout).toBe('on\n');
  });
});
