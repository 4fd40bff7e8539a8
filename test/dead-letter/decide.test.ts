import { describe, expect, it } from '@jest/globals';
import { decideReplay, type ReplayFacts } from '../../dead-letter/decide.ts';
import type { DeadLetterRecord, ReplayRecord } from '../../execution/records.ts';
import { t0 } from '../support/records.ts';

const policy = { maxReplays: 2, requestsTopic: 'exec-requests' };
const record: DeadLetterRecord = {
  deadLetterId: 'd1',
  code: 'message/invalid',
  reason: 'command is required',
  source: { topic: 'exec-requests', subscription: 's', messageId: '7', publishTime: '2026-01-01T00:00:00Z' },
  attributes: {},
  data: '',
  deliveryAttempts: 1,
  deadLetteredAt: '2026-01-01T00:00:00Z',
  executionId: 'e1',
  sessionId: 's1',
  state: 'open',
  replays: [],
  expireAt: t0,
};
const broken = { executionId: 'e1', sessionId: 's1', comand: 'echo hi' };
const replayOf = { executionId: 'e1', deadLetterId: 'd1', reason: 'typo' };
const earlier = (fields: Partial<ReplayRecord> = {}): ReplayRecord => ({
  replayId: 'r0',
  executionId: 'e1',
  reason: 'x',
  replayedAt: t0,
  refused: null,
  ...fields,
});

interface Case extends Partial<Omit<ReplayFacts, 'request'>> {
  readonly set?: Record<string, unknown>;
  readonly message?: unknown;
}
const decide = ({ set, message = broken, ...facts }: Case = {}) =>
  decideReplay(
    {
      request: { replayId: 'r1', deadLetterId: 'd1', reason: 'typo', ...(set && { set }) },
      record,
      data: Buffer.from(JSON.stringify(message)),
      isAccepted: () => false,
      now: t0 + 1,
      ...facts,
    },
    policy,
  );

describe('a replay of a request', () => {
  it('publishes it with its edits, linked to what it repeats, and is recorded', () => {
    expect(decide({ set: { command: 'echo hi', comand: null } })).toEqual({
      kind: 'request',
      message: { executionId: 'e1', sessionId: 's1', command: 'echo hi', replayOf },
      writes: {
        ...record,
        state: 'replayed',
        replays: [{ replayId: 'r1', executionId: 'e1', reason: 'typo', replayedAt: t0 + 1, refused: null }],
      },
    });
  });
  it('keeps the id of a request that never was accepted, so that its publisher gets its answer', () => {
    expect(decide({ message: { ...broken, command: 'x', comand: undefined } })).toMatchObject({
      message: { executionId: 'e1' },
    });
  });
  it('takes a new id for one that was', () => {
    const decision = decide({
      message: { executionId: 'e1', sessionId: 's1', command: 'x' },
      isAccepted: (id) => id === 'e1',
    });
    expect(decision).toMatchObject({ kind: 'request', message: { executionId: 'e1.r1' } });
  });
  it('counts the replays that were done for the new id', () => {
    const decision = decide({
      message: { executionId: 'e1', sessionId: 's1', command: 'x' },
      isAccepted: () => true,
      record: { ...record, replays: [earlier(), earlier({ refused: 'bad' })] },
    });
    expect(decision).toMatchObject({ message: { executionId: 'e1.r2' } });
  });
  it('builds the message from the edits alone when the bytes are no JSON object', () => {
    const set = { executionId: 'e2', sessionId: 's1', command: 'echo hi' };
    expect(decide({ data: Buffer.from('not json'), set })).toMatchObject({
      kind: 'request',
      message: { ...set, replayOf },
    });
  });
  it('that is still invalid is refused with the reason, which is recorded; the dead letter stays open', () => {
    expect(decide()).toMatchObject({
      kind: 'refuse',
      code: 'replay/invalid-edit',
      writes: {
        state: 'open',
        replays: [{ replayId: 'r1', executionId: null, refused: expect.stringContaining('comand') }],
      },
    });
  });
});

describe('the same replay, delivered again', () => {
  it('publishes the same message and records nothing', () => {
    const decision = decide({
      set: { command: 'echo hi', comand: null },
      record: { ...record, replays: [earlier({ replayId: 'r1', executionId: 'e1.r1' })] },
    });
    expect(decision).toEqual({
      kind: 'request',
      message: { executionId: 'e1.r1', sessionId: 's1', command: 'echo hi', replayOf },
    });
  });
  it('stays refused', () => {
    const replays = [earlier({ replayId: 'r1', refused: 'bad' })];
    expect(decide({ record: { ...record, replays } })).toEqual({
      kind: 'refuse',
      code: 'replay/invalid-edit',
      why: 'bad',
    });
  });
});

describe('the number of replays', () => {
  const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
  it('may reach the limit', () => {
    expect(decide({ message, record: { ...record, replays: [earlier()] } })).toMatchObject({ kind: 'request' });
  });
  it('may not pass it', () => {
    expect(decide({ message, record: { ...record, replays: [earlier(), earlier()] } })).toMatchObject({
      kind: 'refuse',
      code: 'replay/too-many',
    });
  });
  it('does not count refused ones', () => {
    const replays = [earlier(), earlier({ refused: 'bad' }), earlier({ refused: 'bad' })];
    expect(decide({ message, record: { ...record, replays } })).toMatchObject({ kind: 'request' });
  });
});

describe('a replay of another message', () => {
  const result = { ...record, source: { ...record.source, topic: 'exec-results' } };
  it('repeats only the stage that failed', () => {
    expect(decide({ record: result })).toMatchObject({
      kind: 'again',
      topic: 'exec-results',
      writes: { state: 'replayed', replays: [{ executionId: 'e1' }] },
    });
  });
  it('is repeated when delivered again, and records nothing', () => {
    const replays = [earlier({ replayId: 'r1' })];
    expect(decide({ record: { ...result, replays } })).toEqual({ kind: 'again', topic: 'exec-results' });
  });
  it('cannot be edited', () => {
    expect(decide({ record: result, set: { status: 'succeeded' } })).toMatchObject({
      kind: 'refuse',
      code: 'replay/invalid-edit',
    });
  });
});

describe('a replay of a dead letter that is not there', () => {
  it('is unknown', () => {
    expect(decide({ record: undefined })).toEqual({ kind: 'unknown' });
  });
});
