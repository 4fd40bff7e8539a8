import { describe, expect, it } from '@jest/globals';
import { decideDismiss } from '../../dead-letter/decide-dismiss.ts';
import type { DeadLetterRecord } from '../../execution/records.ts';
import { t0 } from '../support/records.ts';
import { earlier, record } from './decide-case.ts';

const now = t0 + 1;
const dismiss = (found: DeadLetterRecord | undefined, replayId = 'x1', at = now) =>
  decideDismiss({
    request: { replayId, deadLetterId: 'd1', reason: 'a test', verb: 'dismiss' },
    record: found,
    now: at,
  });
const dismissed = { ...record, state: 'dismissed', dismissal: { requestId: 'x1', reason: 'a test', dismissedAt: now } };

describe('a dismissal', () => {
  it('marks the dead letter, with the reason, and keeps all of it', () => {
    expect(dismiss(record)).toEqual({ kind: 'dismissed', record: dismissed, writes: dismissed });
  });
  it('of one that was replayed, or whose replays were refused, is possible too', () => {
    const replays = [earlier(), earlier({ replayId: 'r1', refused: 'bad', publishedAt: null })];
    expect(dismiss({ ...record, state: 'replayed', replays })).toMatchObject({
      writes: { state: 'dismissed', replays },
    });
  });
  it.each(['x1', 'x2'])('is not made twice: %s', (replayId) => {
    const { writes } = dismiss(record) as { readonly writes: DeadLetterRecord };
    expect(dismiss(writes, replayId)).toEqual({ kind: 'dismissed', record: writes });
  });
  it('that is delivered again does not undo a replay that came after it', () => {
    const replayed = { ...dismissed, state: 'replayed', replays: [earlier()] } as DeadLetterRecord;
    expect(dismiss(replayed)).toEqual({ kind: 'dismissed', record: replayed });
    expect(dismiss(replayed, 'x2')).toMatchObject({ writes: { state: 'dismissed' } });
  });
  it('is refused while a replay is under way, which is recorded, and stays refused', () => {
    const pendingMs = 20 * 60_000;
    const pending = { ...record, replays: [earlier({ publishedAt: null })] };
    const refusal = dismiss(pending, 'x1', t0 + pendingMs - 1);
    expect(refusal).toMatchObject({
      kind: 'refuse',
      code: 'replay/in-progress',
      writes: { state: 'open', replays: [{}, { replayId: 'x1', refusedCode: 'replay/in-progress', reason: 'a test' }] },
    });
    const why = refusal.writes?.replays.at(-1)?.refused;
    expect(why).toContain('r0');
    expect(dismiss(refusal.writes, 'x1', t0 + pendingMs)).toEqual({ kind: 'refuse', code: 'replay/in-progress', why });
    expect(dismiss(pending, 'x1', t0 + pendingMs)).toMatchObject({ kind: 'dismissed' });
  });
  it('of a dead letter that is not there is unknown', () => {
    expect(dismiss(undefined)).toEqual({ kind: 'unknown' });
  });
});
