import { describe, expect, it } from '@jest/globals';
import type { ProcessEnd } from '../../../local/run/spawner-messages.ts';
import { type AttemptFacts, decideAttempt } from '../../../local/run/task-outcome.ts';

const exited = (exitCode: number): ProcessEnd => ({ kind: 'exited', exitCode });
const signaled = (signal: number): ProcessEnd => ({ kind: 'signaled', signal });
const facts = (changes: Partial<AttemptFacts>): AttemptFacts => ({
  end: exited(1),
  stopCause: null,
  stopSignal: 0,
  attempt: 0,
  maxRetries: 0,
  ...changes,
});

describe('the end of an attempt', () => {
  it.each([
    ['succeeds with exit code 0', facts({ end: exited(0) }), 'succeeded'],
    [
      'succeeds with exit code 0 on its last attempt',
      facts({ end: exited(0), attempt: 3, maxRetries: 3 }),
      'succeeded',
    ],
    ['fails without retries', facts({}), 'failed'],
    ['is retried while a retry is left', facts({ attempt: 2, maxRetries: 3 }), 'retry'],
    ['fails when no retry is left', facts({ attempt: 3, maxRetries: 3 }), 'failed'],
    ['is retried after a signal', facts({ end: signaled(9), maxRetries: 1 }), 'retry'],
    [
      'is retried when it could not start',
      facts({ end: { kind: 'not-started', message: 'x' }, maxRetries: 1 }),
      'retry',
    ],
    ['is retried when it was lost', facts({ end: { kind: 'lost', message: 'x' }, maxRetries: 1 }), 'retry'],
    ['is retried after a timeout', facts({ stopCause: 'timeout', maxRetries: 1 }), 'retry'],
    ['fails after a timeout even with exit code 0', facts({ end: exited(0), stopCause: 'timeout' }), 'failed'],
    ['is cancelled, never retried, when it was cancelled', facts({ stopCause: 'cancel', maxRetries: 3 }), 'cancelled'],
    ['is cancelled even with exit code 0', facts({ end: exited(0), stopCause: 'cancel' }), 'cancelled'],
  ] as const)('%s', (_, given, kind) => {
    expect(decideAttempt(given).kind).toBe(kind);
  });

  it.each([
    ['an exit code', facts({ end: exited(3) }), { exitCode: 3, termSignal: 0 }],
    ['a signal', facts({ end: signaled(11) }), { exitCode: 0, termSignal: 11 }],
    [
      'neither when it never ran',
      facts({ end: { kind: 'not-started', message: 'x' } }),
      { exitCode: 0, termSignal: 0 },
    ],
    [
      'the signal it got, when it was stopped and exited by itself',
      facts({ end: exited(5), stopCause: 'timeout', stopSignal: 15 }),
      { exitCode: 0, termSignal: 15 },
    ],
    [
      'the signal that ended it, when it was stopped',
      facts({ end: signaled(9), stopCause: 'cancel', stopSignal: 15 }),
      { exitCode: 0, termSignal: 9 },
    ],
  ])('reports %s, and never an exit code and a signal', (_, given, result) => {
    expect(decideAttempt(given).result).toMatchObject(result);
  });
});
