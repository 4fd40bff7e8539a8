import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DeadLetterFilter, DeadLetterQuery } from '../../execution/dead-letter.ts';
import { createDeadLetterStore } from '../../gcp/dead-letter-store.ts';
import { record } from '../dead-letter/decide-case.ts';
import { t0 } from '../support/records.ts';
import { useRecordsStore } from '../support/records-store.ts';

const store = useRecordsStore();

/** Six of them, two in each second: `d0` and `d1` at t0, `d2` and `d3` a second later, and so on. */
beforeAll(async () => {
  const { create } = createDeadLetterStore(store().firestore);
  const at = (number: number) => new Date(t0 + Math.floor(number / 2) * 1000).toISOString();
  for (const number of [3, 0, 5, 1, 4, 2]) {
    const isEven = number % 2 === 0;
    const created = await create({
      ...record,
      ...{ deadLetterId: `d${number}`, deadLetteredAt: at(number), tenantId: isEven ? 'even' : 'odd' },
      labels: isEven ? ['a=b', 'c=d'] : ['a=b'],
    });
    expect(created).toBe(true);
  }
});

const list = async (query: Partial<DeadLetterQuery>) =>
  (await store().reader.listDeadLetters({ limit: 10, order: 'oldest-first', ...query })).map(
    ({ deadLetterId }) => deadLetterId,
  );

describe('dead letters', () => {
  it.each<[DeadLetterFilter, readonly string[]]>([
    [{}, ['d0', 'd1', 'd2', 'd3', 'd4', 'd5']],
    [{ since: t0 + 1000 }, ['d2', 'd3', 'd4', 'd5']],
    [{ since: t0 + 1001 }, ['d4', 'd5']],
    [{ until: t0 + 1000 }, ['d0', 'd1']],
    [{ until: t0 + 1001 }, ['d0', 'd1', 'd2', 'd3']],
    [{ tenantId: 'even' }, ['d0', 'd2', 'd4']],
    [{ tenantId: 'odd', label: 'c=d' }, []],
    [{ label: 'c=d', since: t0 + 1000, topic: 'exec-requests' }, ['d2', 'd4']],
    [{ state: 'replayed' }, []],
    [{ state: ['replayed', 'dismissed'] }, []],
    [{ state: ['open', 'replayed'], tenantId: 'even', label: 'a=b', since: t0 + 1 }, ['d2', 'd4']],
    [{ code: 'message/invalid', sessionId: 's1', executionId: 'e1', state: 'open', until: t0 + 1 }, ['d0', 'd1']],
  ])('of the filter %j are listed and counted', async (filter, ids) => {
    expect(await list(filter)).toEqual(ids);
    expect(await list({ ...filter, order: 'newest-first' })).toEqual(ids.toReversed());
    expect(await store().reader.countDeadLetters(filter)).toBe(ids.length);
  });

  it('of the same instant are on one page or the next, and none on both', async () => {
    const after = { deadLetterId: 'd2', deadLetteredAt: new Date(t0 + 1000).toISOString() };
    expect(await list({ after })).toEqual(['d3', 'd4', 'd5']);
    expect(await list({ after, order: 'newest-first' })).toEqual(['d1', 'd0']);
    expect(await list({ after, limit: 2 })).toEqual(['d3', 'd4']);
  });

  it('are stored once', async () => {
    const { create } = createDeadLetterStore(store().firestore);
    expect(await create({ ...record, deadLetterId: 'd0', reason: 'another' })).toBe(false);
    expect(await store().reader.getDeadLetter('d0')).toMatchObject({ reason: record.reason });
  });
});
