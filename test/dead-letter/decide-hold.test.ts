import { describe, expect, it } from '@jest/globals';
import { decideHold, decideRelease, decideReplayedResult } from '../../dead-letter/decide-hold.ts';
import { collectionMs } from '../../execution/held-result.ts';
import type { CapturedResult } from '../../execution/judge-result.ts';
import type { ExecutionRecord } from '../../execution/records.ts';
import { aCompletion, claimed, finished, holding, launched, queued, t0 } from '../support/records.ts';

const now = t0 + 500;
const running = claimed().execution;
const heldBy = (deadLetterId: string, endsAt: number, heldAt = now) => ({
  deadLetterId,
  outcome: 'exited',
  heldAt,
  endsAt,
});

describe('a result that becomes a dead letter', () => {
  const { executionId, sessionId, generation, leaseId, epoch } = aCompletion();
  const identity = { executionId, sessionId, generation, leaseId, epoch };
  const capture = (execution: ExecutionRecord | undefined, fields: Partial<CapturedResult> = {}) =>
    decideHold(
      {
        stored: { ...(execution && { execution }) },
        deadLetterId: 'd2',
        now,
        result: { ...identity, outcome: 'exited', isStandIn: false, ...fields },
      },
      { holdMs: 100 },
    );

  it('holds the execution that runs in its launch', () => {
    expect(capture(running)).toEqual({ writes: { execution: { ...running, heldResult: heldBy('d2', now + 100) } } });
  });
  it.each<[string, ExecutionRecord | undefined, Partial<CapturedResult>]>([
    ['that nobody knows', undefined, {}],
    ['of another session', running, { sessionId: 's2' }],
    ['that waits', queued(), {}],
    ['that nobody claimed', launched().execution, {}],
    ['that has ended', finished(), {}],
    ['that is in another generation', running, { generation: 2 }],
    ['whose lease is another', running, { leaseId: 'l0' }],
    ['whose epoch is another', running, { epoch: 1 }],
    ['that somebody ends in the place of its executor', running, { isStandIn: true }],
  ])('does not hold an execution %s', (_which, execution, fields) => {
    expect(capture(execution, fields)).toEqual({});
  });
  it('marks its lease, for which no job runs any more', () => {
    const { lease } = claimed();
    const captured = { ...identity, outcome: 'exited', isStandIn: false };
    const facts = { stored: { execution: running, lease }, deadLetterId: 'd2', now, result: captured };
    expect(decideHold(facts, { holdMs: 100 })).toMatchObject({ writes: { lease: { ...lease, isHeld: true } } });
  });
  it('holds nothing more when it is captured again', () => {
    const { writes } = capture(running);
    expect(capture(writes?.execution)).toEqual({});
  });
  it.each([now + 50, now, now - 50])('does not prolong a hold, whose end is at %i', (endsAt) => {
    const { execution } = holding(endsAt);
    expect(capture(execution)).toEqual({
      writes: { execution: { ...execution, heldResult: heldBy('d2', endsAt, t0) } },
    });
  });
});

describe('a result that is replayed', () => {
  const event = aCompletion();
  const replay = (execution: ExecutionRecord | undefined, { isRepeat = false, fields = {} } = {}) =>
    decideReplayedResult({
      stored: { ...(execution && { execution }) },
      event: { ...event, ...fields },
      deadLetterId: 'd1',
      now,
      isRepeat,
    });

  it.each([
    ['that is not held', running, now],
    ['whose hold is about to end', holding(now + 1).execution, t0],
    ['whose hold was given up', holding(now - 1).execution, t0],
  ])('holds an execution %s until it must have been collected', (_which, execution, heldAt) => {
    expect(replay(execution)).toEqual({
      refusal: null,
      writes: { execution: { ...execution, heldResult: heldBy('d1', now + collectionMs, heldAt) } },
    });
  });
  it('never shortens a hold', () => {
    const endsAt = now + collectionMs + 1;
    expect(replay(holding(endsAt).execution)).toMatchObject({ writes: { execution: { heldResult: { endsAt } } } });
  });
  it.each<[string, ExecutionRecord | undefined, string]>([
    ['has ended', finished(), 'replay/already-ended'],
    ['is launched anew', launched({}, 2).execution, 'replay/other-launch'],
    ['waits for another launch', queued(), 'replay/other-launch'],
    ['is not known', undefined, 'result/unknown-execution'],
  ])('is refused where its execution %s, and holds nothing', (_what, execution, code) => {
    expect(replay(execution)).toEqual({ refusal: expect.objectContaining({ code }) });
  });
  it('is published again where an earlier delivery of the replay may have ended the execution', () => {
    expect(replay(finished(), { isRepeat: true })).toEqual({ refusal: null });
  });
  it.each<[string, ExecutionRecord | undefined, string]>([
    ['is launched anew', launched({}, 2).execution, 'replay/other-launch'],
    ['is not known', undefined, 'result/unknown-execution'],
  ])('is refused, however often it was delivered, where its execution %s', (_what, execution, code) => {
    expect(replay(execution, { isRepeat: true })).toEqual({ refusal: expect.objectContaining({ code }) });
  });
  it('holds nothing where nobody has claimed the launch: there is no executor that it could be of', () => {
    expect(replay(launched().execution)).toEqual({ refusal: null });
  });
  it.each([
    ['another launch', { generation: 2 }],
    ['another time', { finishedAt: '2026-01-01T00:00:06.000Z' }],
    ['another kind', { outcome: { kind: 'lost', evidence: 'x' } }],
  ])('is refused, however often it was delivered, where the end is of %s', (_what, fields) => {
    expect(replay(finished(), { isRepeat: true, fields })).toMatchObject({ refusal: { code: 'replay/already-ended' } });
  });
});

describe('a dead letter that is dismissed', () => {
  const release = (execution: ExecutionRecord | undefined, deadLetterId: string) =>
    decideRelease({ stored: { ...(execution && { execution }) }, deadLetterId, now });
  it('ends its hold at once', () => {
    const { execution } = holding(now + 1);
    expect(release(execution, 'd1')).toEqual({
      writes: { execution: { ...execution, heldResult: heldBy('d1', now, t0) } },
    });
  });
  it.each<[string, ExecutionRecord | undefined, string]>([
    ['that has ended', holding(now).execution, 'd1'],
    ['of another dead letter', holding(now + 1).execution, 'd2'],
    ['that there is not', running, 'd1'],
    ['of an execution that has ended', finished(), 'd1'],
    ['of an execution that nobody knows', undefined, 'd1'],
  ])('changes nothing of a hold %s', (_which, execution, deadLetterId) => {
    expect(release(execution, deadLetterId)).toEqual({});
  });
});
