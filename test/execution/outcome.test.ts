import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decideOutcome,
  type EndEvidence,
  exitCodeOf,
  findLimitReached,
  signalOf,
  statusOf,
} from '../../execution/outcome.ts';
import type { Outcome } from '../../schemas/generated/messages.ts';

const exited: EndEvidence = {
  exit: { code: 0 },
  cancelled: null,
  timedOut: null,
  outputLimitBytes: null,
  outOfMemory: null,
  diskFull: null,
};
const killed: EndEvidence = { ...exited, exit: { signal: 'SIGKILL' } };
const timedOut = { limit: 'wall-time', limitMs: 5, evidence: 'the command still ran' } as const;
const diskFull = { limit: 'workspaceFiles', evidence: 'polled: 11 files' } as const;

describe('the outcome of a command', () => {
  it.each<[string, EndEvidence, Outcome]>([
    ['its exit code', { ...exited, exit: { code: 3 } }, { kind: 'exited', exitCode: 3 }],
    ['the signal that ended it', killed, { kind: 'signaled', signal: 'SIGKILL' }],
    [
      'the limit of time that was over',
      { ...killed, timedOut: { limit: 'cpu-time', limitMs: 9, evidence: 'x' } },
      { kind: 'timed-out', limit: 'cpu-time', limitMs: 9 },
    ],
    [
      'the time limit, even when the command then exited 0',
      { ...exited, timedOut },
      { kind: 'timed-out', limit: 'wall-time', limitMs: 5 },
    ],
    [
      'its exit code, when memory ran out and it was cancelled: cancelled',
      { ...exited, cancelled: { by: 'request' }, outOfMemory: 'oom_kill 1' },
      { kind: 'cancelled', by: 'request' },
    ],
    [
      'the output limit, when what it had written before it exited is read',
      { ...exited, outputLimitBytes: 10 },
      { kind: 'output-limit', limitBytes: 10 },
    ],
    ['the kill, when the disk was full', { ...killed, diskFull }, { kind: 'signaled', signal: 'SIGKILL' }],
    [
      'lost, when nobody saw its end',
      { ...exited, exit: null },
      { kind: 'lost', evidence: 'the shell ended without a status' },
    ],
  ])('is %s', (_why, evidence, outcome) => {
    expect(decideOutcome(evidence)).toEqual(outcome);
  });
});

/** What may hold of an end, in the order in which it counts; docs/ends.md has the same table. */
const inOrder = [
  ['cancelled', { cancelled: { by: 'request' } }, 'cancelled', null],
  ['timed out', { timedOut }, 'timed-out', 'timeoutMs'],
  ['over the output limit', { outputLimitBytes: 10 }, 'output-limit', 'outputBytes'],
  ['out of memory', { outOfMemory: 'oom_kill 1' }, 'out-of-memory', 'memoryMb'],
  ['killed for a full disk', { diskFull }, null, 'workspaceFiles'],
  ['signaled', { exit: { signal: 'SIGSEGV' } }, 'signaled', null],
  ['exited', { exit: { code: 1 } }, 'exited', null],
] as const satisfies readonly (readonly [string, Partial<EndEvidence>, Outcome['kind'] | null, string | null])[];

const pairs = inOrder.flatMap((first, index) => inOrder.slice(index + 1).map((second) => [first, second] as const));
const nothing: EndEvidence = { ...exited, exit: null };

describe('of two things that hold of an end the first counts', () => {
  it.each(
    pairs.map(([first, second]) => {
      const kind = first[2] ?? second[2] ?? 'lost';
      const limit = first[2] === 'cancelled' ? null : (first[3] ?? second[3]);
      return [first[0], second[0], { ...nothing, ...second[1], ...first[1] }, kind, limit] as const;
    }),
  )('%s and %s', (_first, _second, evidence, kind, limit) => {
    expect([decideOutcome(evidence).kind, findLimitReached(evidence)?.limit ?? null]).toEqual([kind, limit]);
  });

  it('however many more hold, whatever they are', () => {
    const subsets = fc.subarray([...inOrder], { minLength: 1 });
    fc.assert(
      fc.property(subsets, (held) => {
        const evidence: EndEvidence = Object.assign({}, nothing, ...held.map(([, one]) => one).reverse());
        const expected = held.find(([, , kind]) => kind !== null)?.[2] ?? 'lost';
        expect(decideOutcome(evidence).kind).toBe(expected);
      }),
    );
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
