import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findExecutors } from '../support/executor-processes.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack({ env: { DISPATCHER_LEASE_MS: '3000', DISPATCHER_HEARTBEAT_MS: '500' }, sweepEveryMs: 300 });

/** How many processes of this machine have the text in their command line. */
function countProcesses(text: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readCommandLine(name).includes(text)).length;
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

describe('an executor that is killed while its command runs behind the wall', () => {
  it('leaves no process behind, those that left its process group included', async () => {
    const { sandbus, stack: running } = stack();
    const marks = [randomUUID(), randomUUID()].map((id) => `sandbus-orphan-${id}`);
    const [inGroup = '', escaped = ''] = marks;
    const command = `setsid bash -c 'exec -a ${escaped} sleep 600' & (exec -a ${inGroup} sleep 600)`;
    const doomed = sandbus.session(`s-${randomUUID()}`).exec(command);
    const [pid = 0] = await until('the command', () => {
      const isRunning = marks.every((mark) => countProcesses(`${mark}\0`) > 0);
      return isRunning ? findExecutors(running.clientEnv.PUBSUB_EMULATOR_HOST ?? '') : null;
    });
    process.kill(pid, 'SIGKILL');
    expect(await doomed).toMatchObject({ status: 'lost' });
    const left = await until('the end of all', () =>
      marks.some((mark) => countProcesses(`${mark}\0`) > 0) ? null : 0,
    );
    expect([left, findExecutors(running.clientEnv.PUBSUB_EMULATOR_HOST ?? '')]).toEqual([0, []]);
  }, 120_000);
});
