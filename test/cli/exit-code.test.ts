import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from '../../cli/exit-code.ts';
import type { Outcome } from '../../client/index.ts';

describe('the exit code of sandbus exec', () => {
  it.each<{ outcome: Outcome; code: number }>([
    { outcome: { kind: 'exited', exitCode: 0 }, code: 0 },
    { outcome: { kind: 'exited', exitCode: 125 }, code: 125 },
    { outcome: { kind: 'exited', exitCode: 255 }, code: 255 },
    { outcome: { kind: 'signaled', signal: 'SIGSEGV' }, code: 139 },
    { outcome: { kind: 'signaled', signal: 'SIGTERM' }, code: 143 },
    { outcome: { kind: 'signaled', signal: 'SIGRT+3' }, code: 125 },
    { outcome: { kind: 'timed-out', limit: 'wall-time', limitMs: 5 }, code: 124 },
    { outcome: { kind: 'cancelled', by: 'request' }, code: 130 },
    { outcome: { kind: 'out-of-memory', evidence: 'x' }, code: 137 },
    { outcome: { kind: 'output-limit', limitBytes: 5 }, code: 137 },
    { outcome: { kind: 'launch-failed', code: 'x', message: 'x' }, code: 125 },
    { outcome: { kind: 'rejected', code: 'x', message: 'x' }, code: 125 },
    { outcome: { kind: 'lost', evidence: 'x' }, code: 125 },
  ])('is $code for $outcome', ({ outcome, code }) => {
    expect(exitCodeOf({ outcome })).toBe(code);
  });
});
