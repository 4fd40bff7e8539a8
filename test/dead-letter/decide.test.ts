import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decideReplay, markPublished, type ReplayFacts } from '../../dead-letter/decide.ts';
import type { DeadLetterRecord, ReplayRecord } from '../../execution/records.ts';
import type { ReplayRequest } from '../../schemas/generated/messages.ts';
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
  publishedAt: t0,
  ...fields,
});

interface Case extends Partial<Omit<ReplayFacts, 'request'>>, Pick<ReplayRequest, 'mode' | 'expectedReplays'> {
  readonly set?: Record<string, unknown>;
  readonly message?: unknown;
  readonly deadLetterId?: string;
  readonly replayId?: string;
}
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const decide = ({
  set,
  mode,
  expectedReplays,
  message = broken,
  deadLetterId = 'd1',
  replayId = 'r1',
  ...facts
}: Case = {}) =>
  decideReplay(
    {
      request: {
        ...{ replayId, deadLetterId, reason: 'typo' },
        ...(set && { set }),
        ...(mode && { mode }),
        ...(expectedReplays !== undefined && { expectedReplays }),
      },
      record: { ...record, deadLetterId },
      digest,
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
        replays: [
          { replayId: 'r1', executionId: 'e1', reason: 'typo', replayedAt: t0 + 1, refused: null, publishedAt: null },
        ],
      },
    });
  });
  it('keeps the id of a request that never was accepted, so that its publisher gets its answer', () => {
    expect(decide({ message: { ...broken, command: 'x', comand: undefined } })).toMatchObject({
      message: { executionId: 'e1' },
    });
  });
  it('takes a new id for one that was', () => {
    const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
    expect(decide({ message, isAccepted: (id) => id === 'e1' })).toMatchObject({
      kind: 'request',
      message: { executionId: expect.stringMatching(/^e1\.r-[0-9a-f]{20}$/) },
    });
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

describe('the new id of a request that was accepted', () => {
  const newId = ({ id = 'e1', ...which }: Case & { readonly id?: string } = {}): string => {
    const message = { executionId: id, sessionId: 's1', command: 'x' };
    const decision = decide({ message, isAccepted: () => true, ...which });
    return decision.kind === 'request' ? decision.message.executionId : decision.kind;
  };
  it('is the same whenever the same replay is decided', () => {
    expect(newId()).toBe(newId());
    expect(newId({ record: { ...record, replays: [earlier()] } })).toBe(newId());
  });
  it('is another one for another dead letter, also under the same replay id', () => {
    expect(newId({ deadLetterId: 'd2' })).not.toBe(newId());
  });
  it('is another one for another replay', () => {
    expect(newId({ replayId: 'r2' })).not.toBe(newId());
  });
  it('is another one where a dead letter and a replay have the same letters', () => {
    expect(newId({ deadLetterId: 'd1r', replayId: '1' })).not.toBe(newId());
  });
  it.each([105, 106, 128])('has at most 128 characters after one of %d, and its own end', (length) => {
    const id = 'a'.repeat(length);
    expect(newId({ id })).toHaveLength(Math.min(length + 23, 128));
    expect(newId({ id }).endsWith(newId().slice(2))).toBe(true);
  });
  it('stands alone where nothing gives an id', () => {
    const message = { sessionId: 's1', command: 'x' };
    const nameless = { ...record, executionId: null };
    expect(decide({ message, record: nameless })).toMatchObject({ message: { executionId: newId().slice(3) } });
  });
});

describe('the same replay, delivered again', () => {
  it('publishes the same message and records nothing', () => {
    const decision = decide({
      set: { command: 'echo hi', comand: null },
      record: { ...record, replays: [earlier({ replayId: 'r1', executionId: 'e1.r1', publishedAt: null })] },
    });
    expect(decision).toEqual({
      kind: 'request',
      message: { executionId: 'e1.r1', sessionId: 's1', command: 'echo hi', replayOf },
    });
  });
  it('publishes nothing once it is marked as published', () => {
    expect(decide({ record: { ...record, replays: [earlier({ replayId: 'r1' })] } })).toEqual({ kind: 'done' });
  });
  it.each([
    ['an edit', 'replay/invalid-edit', [] as readonly ReplayRecord[]],
    ['their number', 'replay/too-many', [earlier(), earlier()]],
  ])('stays refused for %s, with the code %s', (_what, code, replays) => {
    const first = decide({ record: { ...record, replays } });
    const { writes } = first;
    expect(first).toMatchObject({ kind: 'refuse', code, writes: { replays: { length: replays.length + 1 } } });
    expect(decide({ record: writes })).toEqual({
      kind: 'refuse',
      code,
      why: writes?.replays.at(-1)?.refused,
    });
  });
  it('stays refused as an edit when it was recorded without its code', () => {
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

describe('replays in a row, each of what became of the one before', () => {
  const replayedMessage = (depth?: number) => ({
    ...{ executionId: 'e1', sessionId: 's1', command: 'x' },
    replayOf: { ...replayOf, ...(depth !== undefined && { depth }) },
  });
  it('are counted', () => {
    expect(decide({ message: replayedMessage() })).toMatchObject({ message: { replayOf: { ...replayOf, depth: 2 } } });
  });
  it('may not pass the limit, together with those of the dead letter itself', () => {
    const refused = { kind: 'refuse', code: 'replay/too-many' };
    expect(decide({ message: replayedMessage(2) })).toMatchObject(refused);
    expect(decide({ message: replayedMessage(1), record: { ...record, replays: [earlier()] } })).toMatchObject(refused);
  });
  it.each([0, -1, 1.5, 'x', null])('count as one where the message says %j', (depth) => {
    const message = { ...replayedMessage(), replayOf: { ...replayOf, depth } };
    expect(decide({ message })).toMatchObject({ message: { replayOf: { depth: 2 } } });
  });
});

describe('two replays at once', () => {
  const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
  const refused = { kind: 'refuse', code: 'replay/in-progress' };
  const pending = earlier({ publishedAt: null, replayedAt: t0 });
  const pendingMs = 20 * 60_000;
  it('do not pass each other: the second waits until the first was published', () => {
    const underWay = { ...record, replays: [pending] };
    expect(decide({ message, record: underWay, now: t0 + pendingMs - 1 })).toMatchObject(refused);
    expect(decide({ message, record: underWay, now: t0 + pendingMs })).toMatchObject({ kind: 'request' });
  });
  it('are not both published when one was planned before the other was published', () => {
    const replayed = { ...record, replays: [earlier()] };
    expect(decide({ message, record: replayed, expectedReplays: 0 })).toMatchObject(refused);
    expect(decide({ message, record: replayed, expectedReplays: 1 })).toMatchObject({ kind: 'request' });
    expect(decide({ message, record: replayed, expectedReplays: 2 })).toMatchObject(refused);
  });
  it('do not hinder each other where the first was refused', () => {
    const replays = [earlier({ refused: 'bad', publishedAt: null })];
    expect(decide({ message, record: { ...record, replays }, expectedReplays: 0 })).toMatchObject({ kind: 'request' });
  });
});

describe('the mark of a published replay', () => {
  const recorded = { ...record, replays: [earlier(), earlier({ replayId: 'r1', publishedAt: null })] };
  it('says when, and makes the dead letter a replayed one', () => {
    expect(markPublished(recorded, 'r1', t0 + 9)).toEqual({
      writes: { ...record, state: 'replayed', replays: [earlier(), earlier({ replayId: 'r1', publishedAt: t0 + 9 })] },
    });
  });
  it.each([
    ['a replay that is marked', recorded, 'r0'],
    ['a replay that is not recorded', recorded, 'r2'],
    ['a dead letter that is gone', undefined, 'r1'],
  ])('is not made on %s', (_what, marked, replayId) => {
    expect(markPublished(marked, replayId, t0 + 9)).toEqual({});
  });
});

describe('refused replays', () => {
  it('are remembered up to twenty, the newest ones, and those that were published stay', () => {
    const replays = [
      earlier(),
      ...Array.from({ length: 20 }, (_, number) => earlier({ replayId: `x${number}`, refused: 'bad' })),
    ];
    const { writes } = decide({ record: { ...record, replays } });
    expect(writes?.replays.map(({ replayId }) => replayId)).toEqual([
      'r0',
      ...Array.from({ length: 19 }, (_, number) => `x${number + 1}`),
      'r1',
    ]);
  });
});

describe('the mode of a replay', () => {
  const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
  const at = (startCheckpoint: number | null) => ({ ...record, startCheckpoint });
  it.each([0, 7])('"original" starts from the checkpoint %d that the request would have started from', (number) => {
    expect(decide({ message, mode: 'original', record: at(number) })).toMatchObject({
      kind: 'request',
      message: { ...message, checkpoint: number },
      writes: { replays: [{ mode: 'original' }] },
    });
  });
  it('"fork" starts from there in a new session, whose name follows from the replay', () => {
    const fork = { message, mode: 'fork', record: at(7) } as const;
    expect(decide(fork)).toMatchObject({
      kind: 'request',
      message: { checkpoint: 7, checkpointOf: 's1', sessionId: expect.stringMatching(/^s1\.f-[0-9a-f]{20}$/) },
    });
    expect(decide(fork)).toEqual(decide(fork));
    expect(decide({ ...fork, replayId: 'r2' })).not.toMatchObject({ message: decide(fork) });
  });
  it('"fork" of a request that was to fork a session starts where that would have', () => {
    const forking = { ...message, checkpoint: 3, checkpointOf: 's0' };
    expect(decide({ message: forking, mode: 'fork', record: at(3) })).toMatchObject({
      message: { checkpoint: 3, checkpointOf: 's0', sessionId: expect.stringMatching(/^s1\.f-/) },
    });
  });
  it('"fork" takes the session that the edit names', () => {
    expect(decide({ message, mode: 'fork', record: at(7), set: { sessionId: 's2' } })).toMatchObject({
      message: { sessionId: 's2', checkpoint: 7, checkpointOf: 's1' },
    });
  });
  it('"current" starts from the session\'s head, and is what is meant without one', () => {
    const current = decide({ message, mode: 'current', record: at(7) });
    expect(current).toEqual(decide({ message, record: at(7) }));
    expect(current).not.toMatchObject({ message: { checkpoint: 7 } });
  });
  it('keeps the checkpoint that the request itself names', () => {
    const named = { ...message, checkpoint: 3 };
    expect(decide({ message: named, record: at(3) })).toMatchObject({ message: { checkpoint: 3 } });
  });
  it.each([
    ['"original" where the checkpoint is not known', 'replay/no-checkpoint', { mode: 'original', record: at(null) }],
    [
      '"original" with another checkpoint',
      'replay/invalid-edit',
      { mode: 'original', record: at(7), set: { checkpoint: 1 } },
    ],
    [
      '"original" in another session',
      'replay/invalid-edit',
      { mode: 'original', record: at(7), set: { sessionId: 's2' } },
    ],
    ['"fork" where the checkpoint is not known', 'replay/no-checkpoint', { mode: 'fork', record: at(null) }],
    ['"fork" into the same session', 'replay/invalid-edit', { mode: 'fork', record: at(7), set: { sessionId: 's1' } }],
    [
      '"fork" from yet another session',
      'replay/invalid-edit',
      { mode: 'fork', record: at(7), set: { checkpointOf: 's3' } },
    ],
    [
      '"original" of a message that is no request',
      'replay/invalid-edit',
      { mode: 'original', record: { ...at(7), source: { ...record.source, topic: 'exec-results' } } },
    ],
  ] as const)('refuses %s with %s', (_what, code, facts) => {
    expect(decide({ message, ...facts })).toMatchObject({ kind: 'refuse', code, writes: { state: 'open' } });
  });
});

describe('a replay of another message', () => {
  const result = { ...record, source: { ...record.source, topic: 'exec-results' } };
  it('repeats only the stage that failed', () => {
    expect(decide({ record: result })).toMatchObject({
      kind: 'again',
      topic: 'exec-results',
      writes: { state: 'open', replays: [{ executionId: 'e1', publishedAt: null }] },
    });
  });
  it('is repeated when delivered again, and records nothing', () => {
    const replays = [earlier({ replayId: 'r1', publishedAt: null })];
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
