import { describe, expect, it } from '@jest/globals';
import type { ReplayRecord } from '../../execution/records.ts';
import { t0 } from '../support/records.ts';
import { broken, type ReplayCase as Case, decide, earlier, record, replayOf } from './decide-case.ts';

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

describe('a replay of another message', () => {
  const result = { ...record, source: { ...record.source, topic: 'exec-results' } };
  it('repeats only the stage that failed', () => {
    expect(decide({ record: result })).toMatchObject({
      kind: 'again',
      topic: 'exec-results',
      isRepeat: false,
      writes: { state: 'open', replays: [{ executionId: 'e1', publishedAt: null }] },
    });
  });
  it('is repeated when delivered again, and records nothing', () => {
    const replays = [earlier({ replayId: 'r1', publishedAt: null })];
    expect(decide({ record: { ...result, replays } })).toEqual({
      ...{ kind: 'again', topic: 'exec-results', attributes: { replayDepth: '1' }, isRepeat: true },
    });
  });
  it('cannot be edited', () => {
    expect(decide({ record: result, set: { status: 'succeeded' } })).toMatchObject({
      kind: 'refuse',
      code: 'replay/invalid-edit',
    });
  });
});

describe('replays in a row of a message that cannot be edited', () => {
  const replayed = (replayDepth: string, replays: readonly ReplayRecord[] = []) => ({
    ...{ ...record, source: { ...record.source, topic: 'exec-control' }, replays },
    attributes: { executionId: 'e1', ...(replayDepth !== '' && { replayDepth }) },
  });
  it.each([
    ['', '1'],
    ['1', '2'],
    ['0', '2'],
    ['-1', '2'],
    ['1.5', '2'],
    ['x', '2'],
  ])('are counted in an attribute beside its own: after %j comes %j', (before, after) => {
    expect(decide({ record: replayed(before) })).toMatchObject({
      kind: 'again',
      attributes: { executionId: 'e1', replayDepth: after },
    });
  });
  it('may not pass the limit, together with those of the dead letter itself', () => {
    const refused = { kind: 'refuse', code: 'replay/too-many' };
    expect(decide({ record: replayed('2') })).toMatchObject(refused);
    expect(decide({ record: replayed('1', [earlier()]) })).toMatchObject(refused);
    expect(decide({ record: replayed('', [earlier()]) })).toMatchObject({ kind: 'again' });
  });
  it('are not those of the execution that a result is of', () => {
    const message = { replayOf: { ...replayOf, depth: 2 } };
    expect(decide({ record: replayed(''), message })).toMatchObject({ attributes: { replayDepth: '1' } });
  });
});

describe('a replay of a message that its reader would refuse again', () => {
  const problem = { code: 'result/bad-signature', why: 'not signed' } as const;
  it('is refused with the code of that reader, and recorded', () => {
    const result = { ...record, source: { ...record.source, topic: 'exec-results' } };
    expect(decide({ record: result, problem })).toMatchObject({
      kind: 'refuse',
      code: 'result/bad-signature',
      writes: {
        state: 'open',
        replays: [{ refused: '[result/bad-signature] not signed', refusedCode: 'result/bad-signature' }],
      },
    });
  });
  it('is published where edits mend it', () => {
    expect(decide({ problem, set: { command: 'echo hi', comand: null } })).toMatchObject({ kind: 'request' });
  });
});

describe('a replay of a dead letter that was dismissed', () => {
  const message = { executionId: 'e1', sessionId: 's1', command: 'x' };
  const dismissal = { requestId: 'd', reason: 'a test', dismissedAt: t0 };
  const dismissed = { ...record, state: 'dismissed', dismissal } as const;
  it('is refused unless it says that it means those too', () => {
    const refused = { kind: 'refuse', code: 'replay/dismissed', why: 'it was dismissed: a test' };
    expect(decide({ message, record: dismissed })).toMatchObject(refused);
    expect(decide({ message, record: dismissed, includeDismissed: false })).toMatchObject(refused);
    expect(decide({ message, record: dismissed, includeDismissed: true })).toMatchObject({ kind: 'request' });
  });
});

describe('a replay of a dead letter that is not there', () => {
  it('is unknown', () => {
    expect(decide({ record: undefined })).toEqual({ kind: 'unknown' });
  });
});
