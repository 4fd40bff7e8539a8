import { describe, expect, it } from '@jest/globals';
import { defaultLimits } from '../../../execution/limits.ts';
import { heldLimits } from '../../../executor/limits/held-limits.ts';

const holders = (held: ReturnType<typeof heldLimits>) =>
  Object.fromEntries(Object.entries(held).map(([name, { heldBy }]) => [name, heldBy]));

const always = {
  ...{ timeoutMs: 'executor', idleOutputMs: 'executor', outputBytes: 'executor' },
  ...{ openFiles: 'rlimit', fileMb: 'rlimit', workspaceMb: 'polled', workspaceFiles: 'polled' },
};
const behindWall = { kind: 'bubblewrap', countsOwnProcesses: true } as const;
const withoutWall = { kind: 'none', countsOwnProcesses: false } as const;

describe('what a command is held to', () => {
  it.each([
    [
      'behind a wall, in a whole group of version 2',
      ...([behindWall, { version: 2, limitsProcesses: true, countsCpu: true }] as const),
      { memoryMb: 'cgroup-v2', pids: 'cgroup-v2', cpuMs: 'cgroup-v2', tmpMb: 'tmpfs' },
    ],
    [
      'behind a wall, in a group of version 1 for memory only',
      ...([behindWall, { version: 1, limitsProcesses: false, countsCpu: false }] as const),
      { memoryMb: 'cgroup-v1', pids: 'rlimit', cpuMs: 'polled', tmpMb: 'tmpfs' },
    ],
    [
      'behind a wall, without a group',
      ...([behindWall, null] as const),
      { memoryMb: 'polled', pids: 'rlimit', cpuMs: 'polled', tmpMb: 'tmpfs' },
    ],
    [
      'without a wall and without a group',
      ...([withoutWall, null] as const),
      { memoryMb: 'polled', pids: 'none', cpuMs: 'polled', tmpMb: 'none' },
    ],
  ] as const)('is told with what holds it: %s', (_where, wall, cgroup, expected) => {
    expect(holders(heldLimits(defaultLimits, wall, cgroup))).toEqual({ ...always, ...expected });
  });

  it('is told with its values', () => {
    const held = heldLimits({ ...defaultLimits, memoryMb: 77 }, behindWall, null);
    expect([held.memoryMb, Object.keys(held).sort()]).toEqual([
      { value: 77, heldBy: 'polled' },
      Object.keys(defaultLimits).sort(),
    ]);
  });
});
