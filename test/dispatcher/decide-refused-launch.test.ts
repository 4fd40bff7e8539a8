import { describe, expect, it } from '@jest/globals';
import { decideRefusedLaunch } from '../../dispatcher/decide-refused-launch.ts';
import { withdrawLease } from '../../execution/launch.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aSession, claimed, finished, launched, t0 } from '../support/records.ts';

const policy = { postponeMs: 100 };
const refused = launched({ priority: 3 }, 2).execution;
const quota = new PipelineError('launch/quota', 'too many');
const forGood = new PipelineError('launch/refused', 'no such job');
const decide = (stored: StoredRecords, failure = quota) =>
  decideRefusedLaunch({ refused, failure, stored, now: t0 }, policy);

describe('a launch that found no capacity', () => {
  it('is taken back: its execution waits, its lease is gone, and the session stays its own', () => {
    expect(decide(launched({ priority: 3 }, 2))).toMatchObject({
      kind: 'postponed',
      writes: {
        execution: { state: 'queued', postponed: { generation: 2, attempt: 2 }, turn: { sinceAt: t0, refusals: 1 } },
        session: {
          active: 'e1',
          waiting: { executionId: 'e1', tenantId: 'default', priority: 3, sinceAt: t0, retryAt: t0 + 100 },
        },
        deletedLeaseId: 'l2',
      },
    });
  });
  it('keeps its place in time, and counts how often it found none', () => {
    const turn = { sinceAt: t0 - 9, refusals: 4 };
    expect(decide(launched({ turn }, 2))).toMatchObject({
      writes: {
        execution: { turn: { sinceAt: t0 - 9, refusals: 5 } },
        session: { waiting: { sinceAt: t0 - 9, retryAt: t0 + 100 } },
      },
    });
  });
  it('tells until when it may be launched', () => {
    expect(decide(launched({ expiresAt: t0 + 7 }, 2))).toMatchObject({
      writes: { session: { waiting: { expiresAt: t0 + 7 } } },
    });
  });
});

describe('a launch that was refused for good', () => {
  const outcome = { kind: 'launch-failed', code: 'launch/refused', message: forGood.message };
  it('ends, and no job that started unseen can claim its lease', () => {
    const stored = launched({}, 2);
    expect(decide(stored, forGood)).toEqual({ kind: 'end', outcome, writes: { lease: withdrawLease(stored.lease) } });
  });
  it('ends when its lease is gone already', () => {
    const { execution, session } = launched({}, 2);
    expect(decide({ execution, session }, forGood)).toEqual({ kind: 'end', outcome });
  });
  it('ends as lost when an earlier launch may have run the command', () => {
    expect(decide(launched({ starts: 1 }, 2), forGood)).toMatchObject({
      kind: 'end',
      outcome: { kind: 'lost', evidence: `${forGood.message}, after it was started 1 times` },
    });
  });
});

describe('a launch that was refused too late', () => {
  const { execution, session, lease } = launched({}, 2);
  it.each<[string, StoredRecords, string]>([
    ['claimed after all', claimed(), 'the execution has gone on'],
    ['ended', { execution: finished() }, 'the execution has gone on'],
    ['replaced', launched({}, 3), 'the execution has gone on'],
    ['cancelled', { execution, session, lease: { ...lease, cancelReason: 'x' } }, 'it was cancelled'],
    ['passed by', { execution, session: aSession({ active: 'e2' }), lease }, 'not its turn'],
  ])('because it was %s changes nothing', (_what, stored, why) => {
    expect([decide(stored), decide(stored, forGood)]).toEqual([
      { kind: 'ignore', why },
      { kind: 'ignore', why },
    ]);
  });
});
