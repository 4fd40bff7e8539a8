import { describe, expect, it } from '@jest/globals';
import { owedEndOf, owedEvent } from '../../execution/owed-end.ts';
import { claimed, finished, launched, queued, rejected, t0 } from '../support/records.ts';

const outcome = { kind: 'cancelled', by: 'request', reason: 'enough' } as const;
const cancelled = queued({ owedEnd: { outcome, owedAt: t0 + 7 } });

describe('an execution', () => {
  it.each([
    ['waits', queued()],
    ['is launching', launched().execution],
    ['runs', claimed().execution],
    ['has ended', finished()],
  ])('that %s owes no end', (_state, execution) => {
    expect([owedEndOf(execution), owedEvent(execution)]).toEqual([null, null]);
  });
  it.each([
    [
      'was cancelled while it waited',
      cancelled,
      { outcome, status: 'cancelled', finishedAt: '2026-01-01T00:00:00.007Z' },
    ],
    [
      'was rejected',
      rejected(),
      {
        outcome: { kind: 'rejected', code: 'request/expired', message: 'too late' },
        ...{ status: 'rejected', finishedAt: '2026-01-01T00:00:00.000Z' },
      },
    ],
  ])('that %s owes one, in the name of no launch', (_what, execution, event) => {
    expect(owedEvent(execution)).toMatchObject({ ...event, executionId: 'e1', generation: 0, leaseId: null, epoch: 0 });
  });
});
