import { describe, expect, it } from '@jest/globals';
import { decideDispatch } from '../../dispatcher/decide.ts';
import { decideControl } from '../../dispatcher/decide-control.ts';
import { decideRefusedLaunch } from '../../dispatcher/decide-refused-launch.ts';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { decideClaim } from '../../dispatcher/lease-api/decide-claim.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { RecordWrites, StoredRecords } from '../../execution/records.ts';
import { nextState } from '../../execution/state-table.ts';
import { decideCompletion } from '../../result-collector/decide.ts';
import { decideSweep } from '../../result-collector/decide-sweep.ts';
import {
  aCompletion,
  aRequest,
  aSession,
  claimed,
  finished,
  holding,
  launched,
  launchPolicy,
  queued,
  rejected,
  t0,
} from '../support/records.ts';

/*
 * The state table says what can happen to an execution; the decisions make it happen. Here every decision is taken in
 * every state, before and after every deadline, and whatever it writes must be a step of the table.
 */

const policy = {
  ...launchPolicy,
  ...{
    maxQueued: 5,
    maxGapMs: 500,
    postponeMs: 100,
    maxLaunches: 3,
    clockToleranceMs: 200,
    leaseMs: 1000,
    retentionMs: 86_400_000,
    ceilings: defaultLimits,
    networks: ['none'] as const,
  },
};
const states: readonly StoredRecords[] = [
  { execution: queued(), session: aSession() },
  launched(),
  claimed({ maxGenerations: 2 }),
  holding(t0 + 1500, { maxGenerations: 2 }),
  { execution: rejected(), session: aSession() },
  { ...claimed(), execution: finished() },
];
const noLaunch = { generation: 0, leaseId: null, epoch: 0 };

const decisions: Readonly<Record<string, (stored: StoredRecords, now: number) => { readonly writes?: RecordWrites }>> =
  {
    dispatch: (stored, now) => {
      const request = aRequest();
      const storedRequest = { kind: 'inline', request } as const;
      const room = { mayStart: true, queued: 0, maxQueued: 1 };
      return decideDispatch(
        { room, request, requestDigest: 'digest', storedRequest, stored, newLeaseId: 'n', now },
        policy,
      );
    },
    'wake-up': (stored, now) => decideWakeUp({ reason: 'turn', stored, newLeaseId: 'n', now }, policy),
    'launch without capacity': (stored, now) =>
      decideRefusedLaunch(
        { refused: launched().execution, failure: new PipelineError('launch/quota', 'full'), stored, now },
        policy,
      ),
    cancel: (stored, now) =>
      decideControl({ sessionId: 's1', action: { kind: 'cancel', executionId: 'e1' }, stored, now }),
    close: (stored, now) => decideControl({ sessionId: 's1', action: { kind: 'close-session' }, stored, now }),
    claim: (stored, now) => decideClaim({ stored, owner: 'owner', cloudRunExecution: null, now }, policy),
    completion: (stored, now) => decideCompletion({ event: aCompletion(), stored, now }, policy),
    'completion without a launch': (stored, now) =>
      decideCompletion({ event: aCompletion(noLaunch), stored, now }, policy),
    sweep: (stored, now) => decideSweep({ leaseId: 'l1', stored, evidence: { kind: 'unknown' }, now }),
  };

const events = ['launched', 'claimed', 'completed', 'relaunched', 'postponed'] as const;
const cases = Object.entries(decisions).flatMap(([decision, decide]) =>
  states.flatMap((stored) =>
    [t0, t0 + 1_000_000].map((now) => ({ decision, from: stored.execution!.state, now, stored, decide })),
  ),
);

describe('a decision', () => {
  it.each(cases)('"$decision" on a $from execution at $now takes a step of the state table or none', ({
    stored,
    decide,
    now,
    from,
  }) => {
    const to = decide(stored, now).writes?.execution?.state ?? from;
    const reachable = [from, ...events.map((event) => nextState(from, event))];
    expect(reachable).toContain(to);
  });

  it('takes every step of the table somewhere', () => {
    const taken = new Set(
      cases.map(({ stored, decide, now, from }) => `${from} → ${decide(stored, now).writes?.execution?.state ?? from}`),
    );
    const steps = states.flatMap(({ execution }) =>
      events.flatMap((event) => {
        const to = nextState(execution!.state, event);
        return to === null || to === execution!.state ? [] : [`${execution!.state} → ${to}`];
      }),
    );
    expect(steps.filter((step) => !taken.has(step))).toEqual([]);
  });
});
