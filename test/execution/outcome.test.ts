import { describe, expect, it } from '@jest/globals';
import { decideOutcome, type EndEvidence, exitCodeOf, signalOf, statusOf } from '../../execution/outcome.ts';
import type { Outcome } from '../../schemas/generated/messages.ts';

const exited: EndEvidence = {
  exit: { code: 0 },
  cancelled: null,
  timedOutAfterMs: null,
  outputLimitBytes: null,
  outOfMemory: null,
};
const killed: EndEvidence = { ...exited, exit: { signal: 'SIGKILL' } };

describe('the outcome of a command', () => {
  it.each<[string, EndEvidence, Outcome]>([
    ['its exit code', { ...exited, exit: { code: 3 } }, { kind: 'exited', exitCode: 3 }],
    ['the signal that ended it', killed, { kind: 'signaled', signal: 'SIGKILL' }],
    [
      'memory, before the kill that followed',
      { ...killed, outOfMemory: 'oom_kill 1' },
      { kind: 'out-of-memory', evidence: 'oom_kill 1' },
    ],
    [
      'the output limit, before memory',
      { ...killed, outputLimitBytes: 10, outOfMemory: 'oom_kill 1' },
      { kind: 'output-limit', limitBytes: 10 },
    ],
    [
      'the time limit, before the output limit',
      { ...killed, timedOutAfterMs: 5, outputLimitBytes: 10 },
      { kind: 'timed-out', limit: 'wall-time', limitMs: 5 },
    ],
    [
      'the cancellation, before everything else',
      { ...killed, cancelled: { by: 'request', reason: 'enough' }, timedOutAfterMs: 5 },
      { kind: 'cancelled', by: 'request', reason: 'enough' },
    ],
    [
      'the time limit, even when the command then exited 0',
      { ...exited, timedOutAfterMs: 5 },
      { kind: 'timed-out', limit: 'wall-time', limitMs: 5 },
    ],
    [
      'lost, when nobody saw its end',
      { ...exited, exit: null },
      { kind: 'lost', evidence: 'the shell ended without a status' },
    ],
  ])('is %s', (_why, evidence, outcome) => {
    expect(decideOutcome(evidence)).toEqual(outcome);
  });
});

describe('an outcome in one word', () => {
  it.each<[Outcome, string, number | null, string | null]>([
    [{ kind: 'exited', exitCode: 0 }, 'succeeded', 0, null],
    [{ kind: 'exited', exitCode: 1 }, 'failed', 1, null],
    [{ kind: 'exited', exitCode: 255 }, 'failed', 255, null],
    [{ kind: 'signaled', signal: 'SIGSEGV' }, 'failed', null, 'SIGSEGV'],
    [{ kind: 'out-of-memory', evidence: 'x' }, 'failed', null, null],
    [{ kind: 'output-limit', limitBytes: 1 }, 'failed', null, null],
    [{ kind: 'timed-out', limit: 'wall-time', limitMs: 1 }, 'timed-out', null, null],
    [{ kind: 'cancelled', by: 'request' }, 'cancelled', null, null],
    [{ kind: 'rejected', code: 'c', message: 'm' }, 'rejected', null, null],
    [{ kind: 'launch-failed', code: 'c', message: 'm' }, 'launch-failed', null, null],
    [{ kind: 'lost', evidence: 'x' }, 'lost', null, null],
  ])('%j is %s', (outcome, status, exitCode, signal) => {
    expect([statusOf(outcome), exitCodeOf(outcome), signalOf(outcome)]).toEqual([status, exitCode, signal]);
  });
});
