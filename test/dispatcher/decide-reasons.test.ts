import { describe, expect, it } from '@jest/globals';
import { type DispatchFacts, decideDispatch } from '../../dispatcher/decide.ts';
import { decideControl } from '../../dispatcher/decide-control.ts';
import { decideRefusedLaunch } from '../../dispatcher/decide-refused-launch.ts';
import { decideWakeUp } from '../../dispatcher/decide-wake-up.ts';
import { decideClaim } from '../../dispatcher/lease-api/decide-claim.ts';
import { decideHolder } from '../../dispatcher/lease-api/decide-heartbeat.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { SessionRecord, StoredRecords } from '../../execution/records.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { aRequest, aSession, claimed, finished, launched, launchPolicy, queued, t0 } from '../support/records.ts';

/* What is told to whoever is turned down: the value that matters, and the bound that it met. */

const policy = {
  ...launchPolicy,
  ...{ maxQueued: 2, maxGapMs: 500, retentionMs: 1, ceilings: defaultLimits, networks: ['none'] as const },
  ...{ maxLaunches: 3, clockToleranceMs: 0 },
};
const held = [{ executionId: 'e3', sequence: 3, releaseAt: t0 + 500 }];
const busy = (fields: Partial<SessionRecord> = {}) => aSession({ active: 'e0', ...fields });

describe('a request that is turned down is told why', () => {
  const decide = (session: SessionRecord, request: ExecRequest, queued = 6) => {
    const stored = { kind: 'inline', request } as const;
    const facts: DispatchFacts = {
      ...{ request, requestDigest: 'digest', storedRequest: stored, stored: { session }, newLeaseId: 'new', now: t0 },
      room: { mayStart: false, queued, maxQueued: 7 },
    };
    return decideDispatch(facts, policy);
  };

  it.each<[string, SessionRecord, Partial<ExecRequest>]>([
    ['the session has 2 executions waiting; at most 2 may', busy({ queued: ['e8', 'e9'] }), {}],
    ['the session has 2 executions waiting; at most 2 may', busy({ queued: ['e9'], held, nextSequence: 2 }), {}],
    ['sequence 1 has passed: the session goes on with 2', busy({ nextSequence: 2 }), { sequence: 1 }],
    ['sequence 3 waits already', busy({ nextSequence: 2, held }), { sequence: 3 }],
  ])('%s', (message, session, fields) => {
    expect(decide(session, aRequest(fields))).toMatchObject({ kind: 'reject', execution: { message } });
  });
  it('with its tenant, how many of it wait, and how many may', () => {
    const message = 'the tenant acme has as many executions waiting as may: 7, its maxQueued is 7';
    expect(decide(busy(), aRequest({ tenantId: 'acme' }), 7)).toMatchObject({ execution: { message } });
  });
});

describe('a control message that changes nothing says why', () => {
  const close = { kind: 'close-session' } as const;
  it.each<[string, object, StoredRecords]>([
    ['the session is not known yet', { kind: 'try-again' }, {}],
    ['the session is closed', { kind: 'ignore' }, { session: aSession({ state: 'closed' }) }],
  ])('closing: %s', (why, decision, stored) => {
    expect(decideControl({ sessionId: 's1', action: close, stored, now: t0 })).toEqual({ ...decision, why });
  });
});

describe('an executor that is refused is told why', () => {
  const { lease, ...rest } = launched();
  const cancelled = { ...rest, lease: { ...lease, cancelReason: 'enough' } };
  const unlaunched = { ...claimed(), execution: { ...finished(), launch: null } };

  it.each<[string, StoredRecords, string]>([
    ['another executor claimed the lease', claimed(), 'another'],
    ['the execution was cancelled before the claim', cancelled, 'owner'],
    ['the execution is running', { ...claimed(), lease }, 'owner'],
    ['the execution is finished', { ...launched(), execution: finished() }, 'owner'],
    ['the execution is finished', { ...claimed(), execution: finished() }, 'owner'],
    ['the execution is finished', unlaunched, 'owner'],
    ['the execution is launching', { ...claimed(), execution: launched({}, 2).execution }, 'owner'],
  ])('claiming: %s', (message, stored, owner) => {
    expect(decideClaim({ stored, owner, cloudRunExecution: null, now: t0 }, { leaseMs: 500 })).toMatchObject({
      kind: 'refused',
      message,
    });
  });
  it.each<[string, StoredRecords, number]>([
    ['the lease has ended', {}, t0],
    ['the secret is not that of the holder', launched(), t0],
    ['the lease ran out before it was renewed', claimed(), t0 + 1000],
  ])('holding: %s', (message, stored, now) => {
    expect(decideHolder({ stored, isOwner: () => true, now })).toMatchObject({ kind: 'refused', message });
  });
});

describe('an execution that is given up', () => {
  const wake = (stored: StoredRecords, now: number, evidence?: string) =>
    decideWakeUp({ reason: 'turn', stored, newLeaseId: 'new', now, evidence }, policy);

  it('because it expired is told when that was', () => {
    const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };
    const stored = { execution: { ...queued(), expiresAt: t0 + 100 }, session: aSession({ waiting }) };
    const message = 'expiresAt 2026-01-01T00:00:00.100Z has passed before it could be launched';
    expect(wake(stored, t0 + 100)).toMatchObject({ kind: 'give-up', outcome: { code: 'request/expired', message } });
  });
  it('because it was cancelled is told by whom', () => {
    const { execution, session, lease } = launched();
    const stored = { execution, session, lease: { ...lease, cancelReason: 'enough' } };
    expect(wake(stored, t0)).toMatchObject({ outcome: { kind: 'cancelled', by: 'request', reason: 'enough' } });
  });
  it('has evidence that fits its event, however much the launcher says', () => {
    const given = wake(launched({ starts: 1 }, 3), t0 + policy.claimGraceMs, 'x'.repeat(5000));
    const failure = new PipelineError('launch/refused', 'x'.repeat(5000));
    const stored = launched({ starts: 1 }, 2);
    const refused = decideRefusedLaunch({ refused: stored.execution, failure, stored, now: t0 }, { postponeMs: 100 });
    const evidence = expect.stringMatching(/^.{1024}$/);
    expect([given, refused]).toMatchObject([{ outcome: { evidence } }, { outcome: { evidence } }]);
  });
});

describe('records that went while a message was on its way', () => {
  const { execution, session, lease } = launched({}, 2);
  const failure = new PipelineError('launch/quota', 'full');
  it.each<[string, StoredRecords]>([
    ['the execution has gone on', { session, lease }],
    ['not its turn', { execution, lease }],
  ])('make a refused launch one that came too late: %s', (why, stored) => {
    expect(decideRefusedLaunch({ refused: execution, failure, stored, now: t0 }, { postponeMs: 100 })).toEqual({
      kind: 'ignore',
      why,
    });
  });
  it('let a silent executor without a lease be replaced where the request allows it', () => {
    const { lease: _, ...running } = claimed({ maxGenerations: 2 });
    expect(decideWakeUp({ reason: 'turn', stored: running, newLeaseId: 'new', now: t0 }, policy)).toMatchObject({
      kind: 'launch',
      execution: { launch: { generation: 2 } },
    });
  });
  it('do not let an execution that ended be launched out of a gap', () => {
    const waitsForGap = aSession({
      ...{ active: null, gapEndsAt: t0 },
      held: [{ executionId: 'e1', sequence: 3, releaseAt: t0 }],
    });
    const stored = { execution: finished(), session: waitsForGap };
    expect(decideWakeUp({ reason: 'turn', stored, newLeaseId: 'new', now: t0 }, policy)).toEqual({
      kind: 'ignore',
      why: 'the execution is finished',
    });
  });
});
