import { expect, it } from '@jest/globals';
import {
  limitWarnings,
  noLimitsInSandbox,
  noMemoryLimit,
  noProcessLimit,
} from '../../../executor/limits/limit-warnings.ts';

it.each([
  ['behind a wall, with a group', true, { limitsProcesses: true }, []],
  ['behind a wall, with a group for memory only', true, { limitsProcesses: false }, []],
  ['behind a wall, without a group', true, null, [noMemoryLimit]],
  ['without a wall, with a group', false, { limitsProcesses: true }, []],
  ['without a wall, with a group for memory only', false, { limitsProcesses: false }, [noProcessLimit]],
  ['without a wall and without a group', false, null, [noMemoryLimit, noProcessLimit]],
])('a command %s is told which limits are not in force', (_title, countsOwnProcesses, cgroup, warnings) => {
  const kind = countsOwnProcesses ? 'bubblewrap' : 'none';
  expect(limitWarnings({ kind, countsOwnProcesses }, cgroup)).toEqual(warnings);
});

it('a command in a sandbox of Cloud Run is told so of all that only a kernel could hold', () => {
  expect(limitWarnings({ kind: 'cloud-run-sandbox', countsOwnProcesses: false }, null)).toEqual([noLimitsInSandbox]);
});
