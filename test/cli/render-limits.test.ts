import { expect, it } from '@jest/globals';
import { renderLimits } from '../../cli/render-limits.ts';

it('an execution is shown with what ended its command, what held each limit and what else was seen', () => {
  const limits = {
    timeoutMs: { value: 120_000, heldBy: 'executor' },
    memoryMb: { value: 512, heldBy: 'cgroup-v2' },
    pids: { value: 64, heldBy: 'cgroup-v2' },
    tmpMb: { value: 256, heldBy: 'none' },
  } as const;
  const limitReached = { limit: 'cpuMs', evidence: '1012 ms of processor time' } as const;
  expect(renderLimits({ limits, limitReached, hints: ['disk-full: standard error tells of it'] })).toEqual([
    ['ended by', 'cpuMs: 1012 ms of processor time'],
    ['held by executor', 'timeoutMs 120000'],
    ['held by cgroup-v2', 'memoryMb 512, pids 64'],
    ['not held', 'tmpMb 256'],
    ['hint', 'disk-full: standard error tells of it'],
  ]);
});

it('an execution of which no limits are told is shown without any', () => {
  expect(renderLimits({ limits: null, limitReached: null, hints: [] })).toEqual([]);
});
