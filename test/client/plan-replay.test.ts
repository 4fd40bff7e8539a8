import { describe, expect, it } from '@jest/globals';
import { planReplay, type ReplayTerms } from '../../client/plan-replay.ts';
import type { ReplayRecord } from '../../execution/records.ts';
import { earlier, record } from '../dead-letter/decide-case.ts';

const plan = (replays: readonly ReplayRecord[] = [], terms: Partial<ReplayTerms> = {}) =>
  planReplay({ ...record, replays }, { reason: 'x', ...terms }).request;
const idOf = (...given: Parameters<typeof plan>) => plan(...given).replayId;

const pending = earlier({ replayId: 'p', publishedAt: null });
const refused = earlier({ replayId: 'q', refused: 'bad', publishedAt: null });

describe('the id of a replay', () => {
  it('is the same for the same terms while a replay is under way', () => {
    expect(idOf()).toBe(idOf());
    expect(idOf([pending])).toBe(idOf());
    expect(idOf([earlier(), pending])).toBe(idOf([earlier()]));
  });
  const { publishedAt: _, ...unmarked } = earlier();
  it.each([
    ['was published', earlier()],
    ['was published before marks were made', unmarked],
    ['was refused', refused],
  ])('is another one after a replay %s', (_what, settled) => {
    expect(idOf([settled])).not.toBe(idOf());
  });
  it.each([
    ['reason', { reason: 'y' }],
    ['edit', { set: { a: 1 } }],
    ['mode', { mode: 'original' }],
  ] as const)('is another one for another %s', (_what, terms) => {
    expect(idOf([], terms)).not.toBe(idOf());
  });
  it('is the same for the mode that is meant without one', () => {
    expect(idOf([], { mode: 'current' })).toBe(idOf());
  });
});

describe('a planned replay', () => {
  it('says how many replays were published by then', () => {
    expect(plan([]).expectedReplays).toBe(0);
    expect(plan([earlier(), pending, refused, earlier({ replayId: 'r9' })]).expectedReplays).toBe(2);
  });
  it('is refused without a reason', () => {
    expect(() => plan([], { reason: '' })).toThrow('[message/invalid] reason ');
  });
});
