import { describe, expect, it } from '@jest/globals';
import type { DeadLetterRecord } from '../../execution/records.ts';
import { pendingReplay, refusalOfBytes, refusalOfReplay } from '../../execution/refuse-replay.ts';
import { earlier, record } from '../dead-letter/decide-case.ts';
import { aCompletion, t0 } from '../support/records.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const refusal = (found: DeadLetterRecord, maxReplays: number | null, data = bytes({})) =>
  refusalOfReplay({ request: {}, record: found, data, now: t0 }, { maxReplays, requestsTopic: 'exec-requests' });

describe('what stands against a replay', () => {
  const replays = [earlier(), earlier({ replayId: 'r1' })];
  it.each([
    [3, null],
    [2, 'replay/too-many'],
    [null, null],
  ])('is the limit of %s once it is reached, where it is known', (maxReplays, code) => {
    expect(refusal({ ...record, replays }, maxReplays)?.code ?? null).toBe(code);
  });
  it('are replays in a row that led to it, as a request or an attribute tells them', () => {
    const control = {
      ...record,
      source: { ...record.source, topic: 'exec-control' },
      attributes: { replayDepth: '2' },
    };
    expect(refusal(control, 2)).toMatchObject({
      code: 'replay/too-many',
      why: expect.stringMatching(/^2 replays led/),
    });
    expect(refusal(record, 2, bytes({ replayOf: { depth: 2 } }))).toMatchObject({ code: 'replay/too-many' });
    expect(refusal({ ...record, attributes: { replayDepth: '2' } }, 2)).toBeNull();
  });
});

describe('a replay that may not have been published', () => {
  it('is under way for twenty minutes', () => {
    const pending = earlier({ publishedAt: null });
    const found = { replays: [earlier({ replayId: 'r1' }), pending] };
    expect(pendingReplay(found, t0 + 20 * 60_000 - 1)).toEqual(pending);
    expect(pendingReplay(found, t0 + 20 * 60_000)).toBeNull();
  });
});

describe('bytes that are to be published as they are', () => {
  const attributes = { type: 'completion-event.v1' };
  it.each<[string, unknown, Record<string, string>, string | null]>([
    ['are what its reader takes', aCompletion(), attributes, null],
    ['lack a field', { ...aCompletion(), epoch: undefined }, attributes, 'message/invalid'],
    ['are of a later version', { ...aCompletion(), version: 2 }, attributes, 'message/unsupported-version'],
    ['are labelled as another message', aCompletion(), { type: 'wake-up.v1' }, 'message/invalid'],
  ])('are refused with the code of their reader where they are: they %s', (_what, message, labels, code) => {
    expect(refusalOfBytes('completion-event.v1', bytes(message), labels)?.code ?? null).toBe(code);
  });
  it('have nothing against them on a topic whose messages nobody here knows', () => {
    expect(refusalOfBytes(null, bytes('x'), {})).toBeNull();
  });
});
