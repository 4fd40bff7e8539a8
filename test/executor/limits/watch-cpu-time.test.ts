import { describe, expect, it } from '@jest/globals';
import { orCpuTime } from '../../../executor/limits/watch-cpu-time.ts';
import { noCause } from '../../../executor/stops.ts';

const used = (ms: number) => ({ usedMs: () => ms, source: 'the counter of the cgroup' });
const killed = { signal: 'SIGKILL' };
const cancelled = { ...noCause, cancelled: { by: 'request' } } as const;
const evidence = '1000 ms of processor time by the counter of the cgroup, at a limit of 1000 ms';
const timedOut = { ...noCause, timedOut: { limit: 'cpu-time', limitMs: 1000, evidence } };

describe('a command that nobody here has stopped', () => {
  it.each([
    ['was killed with all of its processor time used', noCause, killed, 1000, timedOut],
    ['got the signal for it', noCause, { signal: 'SIGXCPU' }, 1000, timedOut],
    ['was killed with a little of it left', noCause, killed, 999, noCause],
    ['exited after it had used all', noCause, { code: 137 }, 1000, noCause],
    ['was ended by another signal', noCause, { signal: 'SIGTERM' }, 1000, noCause],
    ['was not seen to end', noCause, null, 1000, noCause],
    ['was cancelled after all', cancelled, killed, 1000, cancelled],
  ])('and that %s has that cause', (_what, cause, exit, ms, expected) => {
    expect(orCpuTime(cause, exit, used(ms), 1000)).toEqual(expected);
  });
});
