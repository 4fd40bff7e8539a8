import { describe, expect, it } from '@jest/globals';
import { findForkProblem, forkSession } from '../../dispatcher/fork-session.ts';
import type { CheckpointRecord } from '../../execution/checkpoint-records.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { aCheckpoint, aRequest, aSession, t0 } from '../support/records.ts';

const source = aSession({ sessionId: 's0', lastCheckpoint: 9, head: aCheckpoint(9) });
const checkpoint: CheckpointRecord = { ...aCheckpoint(7), sessionId: 's0', executionId: 'e0', createdAt: t0 };
const fork = (fields: Partial<ExecRequest> = {}) => aRequest({ checkpoint: 7, checkpointOf: 's0', ...fields });
const fresh = aSession({ epoch: 0, active: null });
const deep = (depth: number) => ({ ...source, ancestors: Array.from({ length: depth }, (_, number) => `a${number}`) });

describe('a session that is forked', () => {
  it('begins at the checkpoint, goes on with its numbers, and may read what it refers to', () => {
    expect(forkSession(fresh, fork(), { checkpoint, source: deep(1) })).toEqual({
      session: {
        ...{ ...fresh, head: aCheckpoint(7), lastCheckpoint: 7, ancestors: ['s0', 'a0'] },
        forkedFrom: { sessionId: 's0', checkpoint: 7 },
      },
      checkpoint: { ...checkpoint, sessionId: 's1', origin: { kind: 'fork', sessionId: 's0' } },
    });
  });
  it.each([
    ['no other session', aRequest({ checkpoint: 7 })],
    ['its own session', fork({ checkpointOf: 's1' })],
  ])('is not one where the request names %s', (_what, request) => {
    expect(forkSession(fresh, request, { checkpoint, source })).toEqual({ session: fresh });
    expect(findForkProblem(request, { session: fresh })).toBeNull();
  });
  it("begins empty at checkpoint 0, which is nobody's", () => {
    expect(findForkProblem(fork({ checkpoint: 0 }), {})).toBeNull();
    expect(forkSession(fresh, fork({ checkpoint: 0 }), { source })).toEqual({ session: fresh });
  });
});

describe('a fork', () => {
  it('may be made of a session of the same tenant', () => {
    expect(findForkProblem(fork(), { source })).toBeNull();
    expect(findForkProblem(fork({ tenantId: 't' }), { source: { ...source, tenantId: 't' } })).toBeNull();
  });
  it('may be of forks, fifty in a row', () => {
    expect(findForkProblem(fork(), { source: deep(49) })).toBeNull();
    expect(findForkProblem(fork(), { source: deep(50) })).toMatchObject({ code: 'request/cannot-fork' });
  });
  it.each([
    ['a session that exists', 'request/cannot-fork', fork(), { session: fresh, source }],
    ['no number of a checkpoint', 'request/cannot-fork', aRequest({ checkpointOf: 's0' }), { source }],
    ['a session that does not exist', 'request/unknown-checkpoint', fork(), {}],
    ['a session of another tenant', 'request/unknown-checkpoint', fork({ tenantId: 't' }), { source }],
  ])('is refused for %s with %s', (_what, code, request, stored) => {
    expect(findForkProblem(request, stored)).toMatchObject({ code });
  });
  it('tells the same of a session of another tenant and of one that does not exist', () => {
    const request = fork({ tenantId: 't' });
    expect(findForkProblem(request, { source })).toEqual(findForkProblem(request, {}));
  });
});
