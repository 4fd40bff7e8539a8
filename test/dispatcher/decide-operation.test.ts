import { describe, expect, it } from '@jest/globals';
import { decideOperation } from '../../dispatcher/decide-operation.ts';
import type { CheckpointRecord, SessionOperation } from '../../execution/checkpoint-records.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aCheckpoint, aSession, retentionMs, t0 } from '../support/records.ts';

const at7: CheckpointRecord = { ...aCheckpoint(7), sessionId: 's1', executionId: 'e7', createdAt: t0 - 1, cwd: '/x' };
const rests = aSession({ active: null, head: aCheckpoint(9), lastCheckpoint: 9, epoch: 5, expireAt: t0 + 1 });
const deleted = aSession({ active: null, state: 'deleted', removal: { throughCheckpoint: 9, deletedAt: t0 } });
const now = t0 + 10;
const decide = (action: SessionOperation, stored: StoredRecords, sessionId = 's1') =>
  decideOperation({ sessionId, action, stored, now }, { retentionMs });

const rewind = { kind: 'rewind', operationId: 'o1', checkpoint: 7 } as const;
const fork = { kind: 'fork', operationId: 'o1', newSessionId: 's2' } as const;
const remove = { kind: 'delete-session', operationId: 'o1' } as const;
const refused = (code: string) => ({
  kind: 'refuse',
  code,
  writes: { operation: { result: { kind: 'refused', code } } },
});

describe('a rewind', () => {
  it('makes the content of the checkpoint the newest one: nothing is lost, and no number comes again', () => {
    const { number: _, parent: __, ...content } = aCheckpoint(7);
    const head = { ...content, number: 10, parent: 7 };
    expect(decide(rewind, { session: rests, checkpoint: at7 })).toEqual({
      kind: 'done',
      writes: {
        session: { ...rests, epoch: 6, head, lastCheckpoint: 10, updatedAt: now, expireAt: now + retentionMs },
        checkpoint: { ...at7, number: 10, parent: 7, createdAt: now, origin: { kind: 'rewind', operationId: 'o1' } },
        operation: {
          ...{ operationId: 'o1', sessionId: 's1', action: rewind, result: { kind: 'done', checkpoint: 10 } },
          ...{ decidedAt: now, expireAt: now + retentionMs },
        },
      },
    });
  });
  it.each([
    ['an execution has its turn', 'session/busy', { ...rests, active: 'e1' }, at7],
    ['one waits in the queue', 'session/busy', { ...rests, queued: ['e2'] }, at7],
    [
      'one waits for lower numbers',
      'session/busy',
      { ...rests, held: [{ executionId: 'e3', sequence: 3, releaseAt: t0 }] },
      at7,
    ],
    ['it is closed', 'session/closed', { ...rests, state: 'closed' as const }, at7],
    ['it has no such checkpoint', 'request/unknown-checkpoint', rests, undefined],
    [
      'the checkpoint is of a session that was deleted under this id',
      'request/unknown-checkpoint',
      { ...rests, removal: { throughCheckpoint: 7, deletedAt: t0 } },
      at7,
    ],
    ['it was deleted', 'control/unknown-session', deleted, at7],
    ['it does not exist', 'control/unknown-session', undefined, undefined],
  ])('is refused while %s with %s, and changes nothing', (_what, code, session, checkpoint) => {
    const stored = { ...(session && { session }), ...(checkpoint && { checkpoint }) };
    const decision = decide(rewind, stored);
    expect(decision).toMatchObject(refused(code));
    expect(Object.keys(decision.writes ?? {})).toEqual(['operation']);
  });
});

describe('a fork', () => {
  it('begins with the checkpoint, refers to what lies with its source, and leaves a busy source as it is', () => {
    const source = { ...rests, active: 'e1', ancestors: ['s0'], tenantId: 't' };
    const decision = decide(fork, { source, checkpoint: at7 });
    expect(decision).toMatchObject({
      kind: 'done',
      writes: {
        session: {
          ...{ sessionId: 's2', tenantId: 't', state: 'open', nextSeq: 1, epoch: 0, active: null, queued: [] },
          ...{ head: aCheckpoint(7), lastCheckpoint: 7, ancestors: ['s1', 's0'] },
          ...{ forkedFrom: { sessionId: 's1', checkpoint: 7 }, createdAt: now, expireAt: now + retentionMs },
        },
        checkpoint: { ...at7, sessionId: 's2', origin: { kind: 'fork', sessionId: 's1' } },
        operation: { result: { kind: 'done', checkpoint: 7 } },
      },
    });
  });
  it('keeps a source at rest longer, as it was used', () => {
    const expireAt = now + retentionMs;
    expect(decide(fork, { source: rests, checkpoint: at7 }).writes?.source).toEqual({ ...rests, expireAt });
    const busy = { ...rests, active: 'e1' };
    expect(decide(fork, { source: busy, checkpoint: at7 }).writes).not.toHaveProperty('source');
  });
  const deep = { ...rests, ancestors: Array.from({ length: 50 }, (_, n) => `a${n}`) };
  it.each([
    ['there is no source', 'control/unknown-session', { checkpoint: at7 }],
    ['its source was deleted', 'control/unknown-session', { source: deleted, checkpoint: at7 }],
    ['its source has no such checkpoint', 'request/unknown-checkpoint', { source: rests }],
    ['its id is taken', 'request/cannot-fork', { source: rests, checkpoint: at7, session: aSession() }],
    ['its id is that of a deleted session', 'session/deleted', { source: rests, checkpoint: at7, session: deleted }],
    ['its source is the fiftieth fork in a row', 'request/cannot-fork', { source: deep, checkpoint: at7 }],
  ])('is refused when %s with %s', (_what, code, stored) => {
    expect(decide(fork, stored)).toMatchObject(refused(code));
  });
});

describe('a deletion', () => {
  it('leaves a record from which nothing of the session can be had, and later epochs and numbers go on from it', () => {
    const session = { ...rests, labels: undefined, ancestors: ['s0'] };
    expect(decide(remove, { session })).toMatchObject({
      kind: 'done',
      writes: { operation: { result: { kind: 'done', checkpoint: null } } },
    });
    expect(decide(remove, { session }).writes?.session).toEqual({
      ...{ sessionId: 's1', tenantId: 'default', state: 'deleted', nextSeq: 2, epoch: 6, lastCheckpoint: 9 },
      ...{ head: null, active: null, queued: [], createdAt: t0, updatedAt: now },
      removal: { throughCheckpoint: 9, deletedAt: now },
    });
  });
  it.each([
    ['something runs', 'session/busy', { session: aSession() }],
    ['it was deleted before', 'control/unknown-session', { session: deleted }],
    ['it does not exist', 'control/unknown-session', {}],
  ])('is refused when %s with %s', (_what, code, stored) => {
    expect(decide(remove, stored)).toMatchObject(refused(code));
  });
  it('may be of a closed session', () => {
    expect(decide(remove, { session: { ...rests, state: 'closed' } })).toMatchObject({ kind: 'done' });
  });
});

describe('an operation that was decided before', () => {
  it.each([rewind, fork, remove])('is not done again: $kind', (action) => {
    const { writes } = decide(action, {});
    const operation = writes?.operation;
    expect(decide(action, { session: rests, checkpoint: at7, source: rests, ...(operation && { operation }) })).toEqual(
      {
        kind: 'ignore',
      },
    );
  });
});
