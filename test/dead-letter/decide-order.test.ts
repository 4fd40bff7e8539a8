import { describe, expect, it } from '@jest/globals';
import { markPublished, markRefused } from '../../dead-letter/replay-history.ts';
import { t0 } from '../support/records.ts';
import { decide, earlier, record } from './decide-case.ts';

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

describe('the mark of a replay that was not published after all', () => {
  const refusal = { code: 'replay/already-ended', why: 'e1 has ended' } as const;
  const recorded = { ...record, replays: [earlier(), earlier({ replayId: 'r1', publishedAt: null })] };
  const refused = { refused: '[replay/already-ended] e1 has ended', refusedCode: 'replay/already-ended' } as const;
  it('says why, and leaves the dead letter as it was', () => {
    expect(markRefused(recorded, 'r1', refusal)).toEqual({
      writes: {
        ...record,
        replays: [earlier(), earlier({ replayId: 'r1', publishedAt: null, executionId: null, ...refused })],
      },
    });
  });
  it('stands: a delivery that comes late does not make a published one of it', () => {
    const { writes } = markRefused(recorded, 'r1', refusal);
    expect(markPublished(writes, 'r1', t0 + 9)).toEqual({});
    expect(markRefused(writes, 'r1', refusal)).toEqual({});
  });
  it('is not made on one that was published', () => {
    expect(markRefused(recorded, 'r0', refusal)).toEqual({});
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
