import { describe, expect, it } from '@jest/globals';
import { defaultLimits } from '../../../execution/limits.ts';
import { findHints, type LimitTraces } from '../../../executor/limits/hints.ts';
import { noCause } from '../../../executor/stops.ts';

const none: LimitTraces = {
  outcome: { kind: 'exited', exitCode: 0 },
  evidence: { ...noCause, exit: { code: 0 } },
  limits: defaultLimits,
  stderr: '',
  discardedBytes: 0,
  refusedProcesses: null,
};

describe('hints beside an outcome', () => {
  it.each<[string, Partial<LimitTraces>, string]>([
    [
      'a command that was killed for its workspace',
      { evidence: { ...none.evidence, diskFull: { limit: 'workspaceMb', evidence: 'polled: 9 bytes' } } },
      'disk-full: the command was ended for what it put into the workspace; polled: 9 bytes',
    ],
    [
      'a program that found the disk full',
      { stderr: 'cp: error writing /tmp/x: No space left on device\n' },
      'disk-full: standard error tells of a full disk; /tmp holds 256 MiB, the workspace 1024 MiB and 250000 files',
    ],
    ['a quota', { stderr: 'Disk quota exceeded' }, 'disk-full: '],
    ['a shell that SIGXFSZ ended', { outcome: { kind: 'signaled', signal: 'SIGXFSZ' } }, 'file-size: '],
    ['a child that SIGXFSZ ended', { outcome: { kind: 'exited', exitCode: 153 } }, 'file-size: '],
    ['a program that ignores SIGXFSZ', { stderr: 'OSError: [Errno 27] File too large' }, 'file-size: a file would'],
    [
      'memory that ran out while the time was over',
      {
        outcome: { kind: 'timed-out', limit: 'wall-time', limitMs: 1 },
        evidence: { ...none.evidence, outOfMemory: 'oom_kill 1' },
      },
      'out-of-memory: oom_kill 1',
    ],
    ['processes that were refused', { refusedProcesses: 3 }, 'pids: the kernel refused 3 processes at a limit of 256'],
    ['output that was discarded', { discardedBytes: 5 }, 'output: 5 bytes came after the limit of 10485760'],
  ])('tell of %s', (_what, traces, begin) => {
    expect(findHints({ ...none, ...traces })).toEqual([expect.stringContaining(begin)]);
  });

  it.each<[string, Partial<LimitTraces>]>([
    ['a command that met no limit', {}],
    ['a counter at nothing', { refusedProcesses: 0 }],
    ['another signal', { outcome: { kind: 'signaled', signal: 'SIGKILL' } }],
    [
      'memory where the outcome tells of it',
      { outcome: { kind: 'out-of-memory', evidence: 'x' }, evidence: { ...none.evidence, outOfMemory: 'x' } },
    ],
  ])('do not tell of %s', (_what, traces) => {
    expect(findHints({ ...none, ...traces })).toEqual([]);
  });
});
