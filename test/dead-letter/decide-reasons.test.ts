import { describe, expect, it } from '@jest/globals';
import { decideGivenUp, type GivenUpMessage } from '../../dead-letter/decide-end.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aRequest, aSession, claimed, finished, queued, t0 } from '../support/records.ts';
import { decide, earlier, type ReplayCase, record } from './decide-case.ts';

/* What an operator reads of a replay that is not made, and of a given-up message that ends nothing. */

const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
const replayed = (depth: number) => ({ ...message, replayOf: { executionId: 'e1', deadLetterId: 'd1', depth } });
const pending = earlier({ publishedAt: null });
const results = { ...record, source: { ...record.source, topic: 'exec-results' } };
const withCheckpoint = { ...record, startCheckpoint: 7 };

describe('a replay that is refused says why', () => {
  it.each<[string, ReplayCase]>([
    ['the replay r0 is under way', { message, record: { ...record, replays: [pending] } }],
    [
      'it was replayed 1 times by now, not 0 as when this replay was planned',
      { message, record: { ...record, replays: [earlier()] }, expectedReplays: 0 },
    ],
    [
      'it was replayed 2 times; at most 2 are allowed',
      { message, record: { ...record, replays: [earlier(), earlier()] } },
    ],
    [
      '1 replays led to it and it was replayed 1 times; at most 2 are allowed',
      { message: replayed(1), record: { ...record, replays: [earlier()] } },
    ],
    ['a message of exec-results is replayed as it is', { record: results, set: { status: 'succeeded' } }],
    [
      'mode fork and an edit of the checkpoint contradict each other',
      { message, mode: 'fork', record: withCheckpoint, set: { checkpoint: 3 } },
    ],
    [
      'the dead letter does not tell which checkpoint it would have started from',
      { message, mode: 'original', record: { ...record, startCheckpoint: null } },
    ],
    [
      'mode fork needs another session than s1',
      { message, mode: 'fork', record: withCheckpoint, set: { sessionId: 's1' } },
    ],
    [
      'mode original needs the session as it was: s1',
      { message, mode: 'original', record: withCheckpoint, set: { sessionId: 's2' } },
    ],
  ])('%s', (why, given) => {
    expect(decide(given)).toMatchObject({ kind: 'refuse', why });
  });
  it('with each field that the schema refuses, one after the other', () => {
    expect(decide({ message: { ...message, timeoutMs: 'soon', priority: 'high' } })).toMatchObject({
      why: expect.stringMatching(/^[^;]*timeoutMs[^;]*; [^;]*priority[^;]*$|^[^;]*priority[^;]*; [^;]*timeoutMs[^;]*$/),
    });
  });
  it('as invalid where the message has something else for its id, whatever was accepted', () => {
    expect(decide({ message: { ...message, executionId: 7 }, isAccepted: () => true })).toMatchObject({
      kind: 'refuse',
      code: 'replay/invalid-edit',
    });
  });
});

describe('a replay that was recorded', () => {
  it('and never published does not count as one that was', () => {
    const abandoned = { ...record, replays: [pending] };
    const late = { message, record: abandoned, now: t0 + 20 * 60_000 };
    expect(decide({ ...late, expectedReplays: 0 })).toMatchObject({ kind: 'request' });
    expect(decide({ ...late, expectedReplays: 1 })).toMatchObject({ kind: 'refuse', code: 'replay/in-progress' });
  });
  it('is refused when its message cannot be made any more, and nothing is written again', () => {
    const replays = [earlier({ replayId: 'r1', publishedAt: null })];
    const refused = { kind: 'refuse', code: 'replay/invalid-edit', why: expect.stringContaining('comand') };
    expect(decide({ record: { ...record, replays } })).toEqual(refused);
  });
  it('is kept however many refusals came before it', () => {
    const refusals = Array.from({ length: 20 }, (_, number) => earlier({ replayId: `x${number}`, refused: 'bad' }));
    const { writes } = decide({ record: { ...record, replays: [...refusals, earlier({ replayId: 'p' })] } });
    const newest = refusals.slice(1).map(({ replayId }) => replayId);
    expect(writes?.replays.map(({ replayId }) => replayId)).toEqual([...newest, 'p', 'r1']);
  });
});

describe('the session of a fork', () => {
  const forkOf = (sessionId: string, replayId = 'r1'): string => {
    const named = { ...record, sessionId, startCheckpoint: 7 };
    const decision = decide({ message: { ...message, sessionId }, mode: 'fork', record: named, replayId });
    return decision.kind === 'request' ? decision.message.sessionId : decision.kind;
  };
  it('is another one for another replay', () => {
    expect(forkOf('s1', 'r2')).not.toBe(forkOf('s1'));
  });
  it.each([105, 106, 128])('has a name of at most 128 characters after one of %i, and its own end', (length) => {
    const fork = forkOf('s'.repeat(length));
    expect(fork).toHaveLength(Math.min(length + 23, 128));
    expect(fork.endsWith(forkOf('s1').slice(2))).toBe(true);
  });
});

describe('a message with replayOf null', () => {
  it('counts as one that nobody replayed', () => {
    const decision = decide({ message: { ...message, replayOf: null } });
    expect(decision).toMatchObject({ kind: 'request' });
    expect(decision).not.toHaveProperty('message.replayOf.depth');
  });
});

describe('a message that was given up', () => {
  const request: GivenUpMessage = {
    kind: 'request',
    request: aRequest({ replayOf: { executionId: 'e0', deadLetterId: 'd0' } }),
    requestDigest: 'digest',
    storedRequest: { kind: 'inline', request: aRequest() },
  };
  const wakeUp: GivenUpMessage = { kind: 'wake-up', executionId: 'e1', sessionId: 's1' };
  const giveUp = (given: GivenUpMessage, stored: StoredRecords) =>
    decideGivenUp({ message: given, deadLetterId: 'd1', stored, now: t0 });
  const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };

  it.each<[string, GivenUpMessage, StoredRecords]>([
    ['it names an execution that was never accepted', wakeUp, {}],
    ['another request has the same id', { ...request, requestDigest: 'of another' }, { execution: queued() }],
    ['it has ended', request, { execution: finished() }],
    ['it waits for its turn', wakeUp, { execution: queued(), session: aSession({ active: 'e0' }) }],
    ['it waits for its turn', wakeUp, { execution: queued() }],
    [
      'rounds look after those that wait for capacity',
      wakeUp,
      { execution: queued(), session: aSession({ active: 'e1', waiting }) },
    ],
    ['its lease is looked after', request, claimed()],
  ])('and ends nothing says why: %s', (why, given, stored) => {
    expect(giveUp(given, stored)).toEqual({ kind: 'leave', why });
  });
  it('and was never accepted is still linked to what it repeats', () => {
    const replayOf = { executionId: 'e0', deadLetterId: 'd0' };
    expect(giveUp(request, {})).toMatchObject({ writes: { execution: { replayOf } } });
    expect(giveUp({ ...request, request: aRequest() }, {})).not.toHaveProperty('writes.execution.replayOf');
  });
});
