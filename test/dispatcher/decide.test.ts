import { describe, expect, it } from '@jest/globals';
import { type DispatchFacts, type DispatchPolicy, decideDispatch } from '../../dispatcher/decide.ts';
import { withdrawLease } from '../../execution/launch.ts';
import { defaultLimits } from '../../execution/limits.ts';
import type { StoredRecords } from '../../execution/records.ts';
import {
  aCheckpoint,
  anExecution,
  aRequest,
  aSession,
  claimed,
  finished,
  launched,
  launchPolicy,
  queued,
  rejected,
  t0,
} from '../support/records.ts';

const policy: DispatchPolicy = {
  ...launchPolicy,
  maxQueued: 2,
  maxGapMs: 500,
  retentionMs: 30 * 86_400_000,
  ceilings: defaultLimits,
  networks: ['none'],
};

const decide = (stored: StoredRecords, facts: Partial<DispatchFacts> = {}) => {
  const request = facts.request ?? aRequest();
  return decideDispatch(
    {
      request,
      requestDigest: 'digest',
      storedRequest: { kind: 'inline', request },
      stored,
      room: { mayStart: true, queued: 0, maxQueued: 1 },
      newLeaseId: 'new',
      now: t0,
      ...facts,
    },
    policy,
  );
};

describe('the first request of a session', () => {
  it('makes the session and is launched in it', () => {
    expect(decide({})).toMatchObject({
      kind: 'launch',
      execution: {
        executionId: 'e1',
        state: 'launching',
        seq: 1,
        tenantId: 'default',
        maxGenerations: 1,
        acceptedAt: t0,
      },
      writes: {
        session: {
          sessionId: 's1',
          tenantId: 'default',
          state: 'open',
          active: 'e1',
          nextSeq: 2,
          epoch: 1,
          head: null,
        },
        lease: { leaseId: 'new', owner: null, expiresAt: t0 + policy.claimGraceMs },
      },
    });
  });
  it('keeps what it says of its tenant, labels and repetition', () => {
    const replayOf = { executionId: 'e0', deadLetterId: 'd1' };
    const request = aRequest({ tenantId: 't1', labels: { a: 'b' }, replayOf, retry: { maxGenerations: 3 } });
    expect(decide({}, { request })).toMatchObject({
      execution: { tenantId: 't1', labels: { a: 'b' }, replayOf, maxGenerations: 3 },
      writes: { session: { tenantId: 't1' } },
    });
  });
});

describe('a request for a session at rest', () => {
  it('is launched as the next of the session', () => {
    const session = aSession({ active: null, nextSeq: 8, epoch: 4 });
    expect(decide({ session })).toMatchObject({
      kind: 'launch',
      execution: { seq: 8, launch: { generation: 1, epoch: 5, leaseId: 'new' } },
      writes: { session: { nextSeq: 9, active: 'e1', epoch: 5 } },
    });
  });
});

describe('a request for a busy session', () => {
  const busy = (ids: string[]) => aSession({ active: 'e0', queued: ids });
  it('waits behind those that came before it', () => {
    expect(decide({ session: busy(['e9']) })).toMatchObject({
      kind: 'queue',
      writes: { execution: { state: 'queued', seq: 2 }, session: { active: 'e0', queued: ['e9', 'e1'], nextSeq: 3 } },
    });
  });
  it('is turned down when as many wait as may', () => {
    expect(decide({ session: busy(['e8', 'e9']) })).toMatchObject({
      kind: 'reject',
      execution: { code: 'session/queue-full' },
    });
  });
  it('is turned down without a change of the session', () => {
    const { writes } = decide({ session: busy(['e8', 'e9']) });
    expect(Object.keys(writes ?? {})).toEqual(['execution']);
  });
});

describe('where capacity is short', () => {
  const none = { room: { mayStart: false, queued: 6, maxQueued: 7 } };
  const full = { room: { mayStart: false, queued: 7, maxQueued: 7 } };
  it('a request for a session at rest waits for its turn, and the session is its own', () => {
    const request = aRequest({ priority: 3, expiresAt: new Date(t0 + 9).toISOString() });
    expect(decide({}, { request, ...none })).toMatchObject({
      kind: 'wait-for-turn',
      writes: {
        execution: { state: 'queued', priority: 3, expiresAt: t0 + 9, turn: { sinceAt: t0, refusals: 0 } },
        session: {
          active: 'e1',
          epoch: 0,
          waiting: { executionId: 'e1', priority: 3, retryAt: t0, expiresAt: t0 + 9 },
        },
      },
    });
  });
  it('a request for a busy session waits for that session', () => {
    expect(decide({ session: aSession({ active: 'e0' }) }, none).kind).toBe('queue');
  });
  it.each([
    ['at rest', aSession({ active: null })],
    ['that is busy', aSession({ active: 'e0' })],
  ])('a request for a session %s is turned down when as many of its tenant wait as may', (_what, session) => {
    expect(decide({ session }, full)).toMatchObject({
      kind: 'reject',
      execution: {
        code: 'tenant/queue-full',
        message: 'the tenant default has as many executions waiting as may: 7, its maxQueued is 7',
      },
    });
  });
  it('a full queue turns nobody down who need not wait', () => {
    expect(decide({}, { room: { mayStart: true, queued: 7, maxQueued: 7 } }).kind).toBe('launch');
  });
});

describe('a request with a number', () => {
  const numbered = (sequence: number, executionId = 'e1') => ({ request: aRequest({ executionId, sequence }) });
  const held = [{ executionId: 'e3', sequence: 3, releaseAt: t0 + 500 }];
  const waitingFor2 = aSession({ active: 'e0', nextSequence: 2, held, gapEndsAt: t0 + 500 });

  it('runs at once when its turn has come, and those that waited for it follow in the queue', () => {
    expect(decide({ session: { ...waitingFor2, active: null } }, numbered(2))).toMatchObject({
      kind: 'launch',
      execution: { sequence: 2 },
      writes: { session: { active: 'e1', queued: ['e3'], nextSequence: 4 } },
    });
  });
  it('is held while a lower number is missing, even in a session at rest', () => {
    expect(decide({}, numbered(2))).toMatchObject({
      kind: 'queue',
      writes: {
        execution: { state: 'queued', sequence: 2 },
        session: { active: null, queued: [], held: [{ executionId: 'e1', sequence: 2 }], gapEndsAt: t0 + 500 },
      },
    });
  });
  it('that fills a gap joins the queue of a busy session before those that waited for it', () => {
    expect(decide({ session: { ...waitingFor2, queued: ['e9'] } }, numbered(2))).toMatchObject({
      kind: 'queue',
      writes: { session: { queued: ['e9', 'e1', 'e3'] } },
    });
  });
  it('that fills a gap finds room although those that wait for it take it all', () => {
    const more = [...held, { executionId: 'e4', sequence: 4, releaseAt: t0 + 500 }];
    expect(decide({ session: { ...waitingFor2, held: more } }, numbered(2)).kind).toBe('queue');
  });
  it('that fills a gap is turned down when the queue itself is full', () => {
    expect(decide({ session: { ...waitingFor2, queued: ['e8', 'e9'] } }, numbered(2))).toMatchObject({
      execution: { code: 'session/queue-full' },
    });
  });
  it.each([
    { sequence: 1, code: 'session/sequence-passed' },
    { sequence: 3, code: 'session/sequence-taken' },
  ])('$sequence is turned down with $code where 2 is next and 3 waits', ({ sequence, code }) => {
    expect(decide({ session: waitingFor2 }, numbered(sequence))).toMatchObject({ kind: 'reject', execution: { code } });
  });
  it.each([
    { queue: [], kind: 'queue' },
    { queue: ['e9'], kind: 'reject' },
  ])('that must wait for lower ones counts as waiting: beside one held and $queue.length queued it gets $kind', ({
    queue,
    kind,
  }) => {
    expect(decide({ session: { ...waitingFor2, queued: queue } }, numbered(5)).kind).toBe(kind);
  });
  it('does not change the place of one without: that comes as it arrives', () => {
    expect(decide({ session: waitingFor2 })).toMatchObject({ kind: 'queue', writes: { session: { queued: ['e1'] } } });
  });
});

describe('a request that names a checkpoint', () => {
  it('starts from it', () => {
    const checkpoint = { ...aCheckpoint(3), sessionId: 's1', executionId: 'e0', createdAt: t0 };
    const request = aRequest({ checkpoint: 3 });
    expect(decide({ session: aSession({ active: null }), checkpoint }, { request })).toMatchObject({
      kind: 'launch',
      execution: { startFrom: { number: 3 } },
    });
  });
  it('starts from the empty workspace for 0', () => {
    expect(decide({}, { request: aRequest({ checkpoint: 0 }) })).toMatchObject({
      kind: 'launch',
      execution: { startFrom: null },
    });
  });
  it('starts from the head when it names none', () => {
    expect(decide({})).not.toHaveProperty('execution.startFrom');
  });
});

describe('a redelivered request', () => {
  const graceEnd = t0 + policy.claimGraceMs;
  it.each([
    ['queued', queued()],
    ['running', claimed().execution],
    ['finished', finished()],
  ])('is dropped while its execution is %s', (_state, execution) => {
    expect(decide({ execution, session: aSession() })).toEqual({ kind: 'drop-duplicate' });
  });
  it('waits for the claim until the last millisecond of the grace time', () => {
    const until = t0 + policy.claimGraceMs;
    expect(decide(launched(), { now: until - 1 })).toEqual({ kind: 'wait-for-claim', until });
  });
  it('is dropped once its launch was cancelled', () => {
    const { execution, session, lease } = launched();
    const stored = { execution, session, lease: { ...lease, cancelReason: 'enough' } };
    expect(decide(stored, { now: t0 + policy.claimGraceMs })).toEqual({ kind: 'drop-duplicate' });
  });
  it('is launched again for the same lease at the instant the grace time ends, and nothing is written', () => {
    const { execution, session } = launched();
    expect(decide({ execution, session }, { now: t0 + policy.claimGraceMs })).toEqual({ kind: 'launch', execution });
  });
  it.each([
    { at: 'a millisecond before it expires', expiresAt: graceEnd + 1, kind: 'launch' },
    { at: 'at the instant in which it expires', expiresAt: graceEnd, kind: 'expire' },
  ])('gets $kind when nobody claimed its launch and the grace time ends $at', ({ expiresAt, kind }) => {
    expect(decide(launched({ expiresAt }), { now: graceEnd }).kind).toBe(kind);
  });
  it('that has expired ends as rejected in the name of its launch, and no job can claim that any more', () => {
    const { execution, session, lease } = launched({ expiresAt: graceEnd });
    expect(decide({ execution, session, lease }, { now: graceEnd })).toMatchObject({
      ...{ kind: 'expire', execution, outcome: { kind: 'rejected', code: 'request/expired' } },
      writes: { lease: withdrawLease(lease) },
    });
  });
  it('is launched again although it has expired, when its command was started in time before', () => {
    expect(decide(launched({ expiresAt: t0, starts: 1 }), { now: graceEnd }).kind).toBe('launch');
  });
  it('repeats a rejection whose notice may be lost, and nothing is written', () => {
    expect(decide({ execution: rejected() })).toEqual({ kind: 'reject', execution: rejected() });
  });
  it.each([
    ['queued', queued()],
    ['launching', launched().execution],
    ['rejected', rejected()],
    ['finished', finished()],
  ])('is refused when its id already names another request that is %s', (_state, execution) => {
    expect(decide({ execution }, { requestDigest: 'another' })).toEqual({ kind: 'refuse-conflict' });
  });
});

describe('a rejected request', () => {
  it('is kept with its reason, outside the order of the session', () => {
    const request = aRequest({ expiresAt: new Date(t0).toISOString() });
    const { ...base } = anExecution({ seq: 0, request: { kind: 'inline', request } });
    expect(decide({}, { request })).toMatchObject({
      kind: 'reject',
      writes: { execution: { ...base, state: 'rejected', code: 'request/expired', owedEnd: { owedAt: t0 } } },
    });
  });
});
