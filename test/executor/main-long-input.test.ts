import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';
import type { LeaseAnswer } from './support/lease-api.ts';

const world = useExecutors();
const mib = 1024 * 1024;

/** Runs a command on so much input and gives what it printed, and the most memory that its executor had at a time. */
async function runOn(inputBytes: number) {
  let peakMib = 0;
  const { executor, event } = await world.start({
    request: { command: 'wc -c', stdin: { ref: { object: 'uploads/in', bytes: inputBytes, sha256: '' } } },
    direct: (api) => {
      const ref = api.put('uploads/in', Buffer.alloc(inputBytes));
      const makeGrant = api.grant;
      api.grant = () => {
        const grant = makeGrant();
        const { request } = grant.assignment;
        if (request.kind === 'inline') Object.assign(request.request, { stdin: { ref } });
        return grant;
      };
      api.answer = async ({ verb }): Promise<LeaseAnswer | null> => {
        // Its command has ended and its result is published.
        if (verb === 'next') peakMib = peakOf(executorPid());
        return null;
      };
    },
  });
  const executorPid = () => executor.pid;
  await executor.ended;
  return { stdout: (await event()).stdout, peakMib };
}

const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('input that lies in the bucket', () => {
  it('reaches the command, and is never held in memory as a whole by the executor', async () => {
    const short = await runOn(1);
    const long = await runOn(150 * mib);
    expect([short.stdout, long.stdout]).toEqual(['1\n', `${150 * mib}\n`]);
    expect(short.peakMib).toBeGreaterThan(0);
    expect(long.peakMib - short.peakMib).toBeLessThan(120);
  });
});
