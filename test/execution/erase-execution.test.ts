import { describe, expect, it } from '@jest/globals';
import { decideDispatch } from '../../dispatcher/decide.ts';
import { eraseExecution } from '../../execution/erase-execution.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { checkMessage } from '../../schemas/parse-message.ts';
import { dispatchPolicy } from '../support/dispatcher-world.ts';
import { aCompletion, aRequest, aSession, finished, t0 } from '../support/records.ts';

const words = 'what-was-said';
const outcomes: readonly CompletionEvent['outcome'][] = [
  { kind: 'exited', exitCode: 3 },
  { kind: 'signaled', signal: 'SIGKILL' },
  { kind: 'timed-out', limit: 'wall-time', limitMs: 1 },
  { kind: 'cancelled', by: 'request', reason: words },
  { kind: 'lost', evidence: words },
  { kind: 'out-of-memory', evidence: words },
  { kind: 'output-limit', limitBytes: 1 },
  { kind: 'launch-failed', code: 'launch/refused', message: words },
  { kind: 'rejected', code: 'session/closed', message: words },
];
const outputs = { files: [], missed: [{ path: `/workspace/${words}`, reason: 'no-file' as const }], more: 0 };
const told = (outcome: CompletionEvent['outcome']) => ({
  ...finished(aCompletion({ outcome, stdout: words, stderr: words, labels: { a: words }, warnings: [words], outputs })),
  request: { kind: 'inline', request: aRequest({ command: words, env: { A: words } }) } as const,
  labels: { a: words },
});

describe('an execution of a deleted session', () => {
  it.each(outcomes)('keeps how it ended and nothing of what was said: $kind', (outcome) => {
    const erased = eraseExecution(told(outcome));
    expect(erased).toMatchObject({ state: 'finished', isErased: true, result: { outcome: { kind: outcome.kind } } });
    expect(JSON.stringify(erased)).not.toContain(words);
    expect(checkMessage('completion-event.v1', erased.result)).toMatchObject({ ok: true });
    expect(checkMessage('exec-request.v1', erased.request.kind === 'inline' && erased.request.request)).toMatchObject({
      ok: true,
    });
  });
  it('is erased once: a second time changes nothing', () => {
    const erased = eraseExecution(told({ kind: 'exited', exitCode: 0 }));
    expect(eraseExecution(erased)).toEqual(erased);
  });
  it('keeps a repeated delivery of its request from running anything', () => {
    const execution = eraseExecution(told({ kind: 'exited', exitCode: 0 }));
    const request = aRequest();
    const room = { mayStart: true, queued: 0, maxQueued: 10 };
    const facts = { request, storedRequest: { kind: 'inline', request } as const, room, newLeaseId: 'l1', now: t0 };
    const stored = { execution, session: aSession({ active: null }) };
    expect(decideDispatch({ ...facts, requestDigest: execution.requestDigest, stored }, dispatchPolicy)).toEqual({
      kind: 'drop-duplicate',
    });
  });
});
