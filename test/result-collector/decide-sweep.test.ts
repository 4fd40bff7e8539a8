import { describe, expect, it } from '@jest/globals';
import { collectionMs } from '../../execution/held-result.ts';
import type { JobEvidence } from '../../execution/job-evidence.ts';
import type { ExecutionBase, LeaseRecord, StoredRecords } from '../../execution/records.ts';
import { subscriptions } from '../../infra/topology.ts';
import { decideSweep } from '../../result-collector/decide-sweep.ts';
import { aSession, claimed, finished, holding, launched, queued, t0 } from '../support/records.ts';

const ranOut = t0 + 1000;
const decide = (stored: StoredRecords, evidence: JobEvidence = { kind: 'unknown' }, now = ranOut) =>
  decideSweep({ leaseId: 'l1', stored, evidence, now });

describe('the sweeper', () => {
  it.each<[string, StoredRecords]>([
    ['claimed', claimed()],
    ['unclaimed', launched()],
  ])('leaves an %s lease alone to its last millisecond', (_state, stored) => {
    expect(decide(stored, { kind: 'unknown' }, ranOut - 1)).toEqual({ kind: 'leave' });
  });
  it('leaves alone what is gone', () => {
    expect(decide({})).toEqual({ kind: 'leave' });
  });
  it('wakes the dispatcher for a claim that never came', () => {
    expect(decide(launched())).toEqual({
      kind: 'wake',
      wakeUp: {
        ...{ executionId: 'e1', sessionId: 's1', reason: 'claim-never-came' },
        evidence: 'the launcher knows nothing of the job',
      },
    });
  });
  it('tells it as much of what the launcher says as a wake-up can hold', () => {
    const evidence = expect.stringMatching(/^.{1024}$/);
    expect(decide(launched(), { kind: 'waiting', message: 'x'.repeat(5000) })).toMatchObject({ wakeUp: { evidence } });
  });
  it('wakes the dispatcher for a silent executor whose command may be started again', () => {
    expect(decide(claimed({ maxGenerations: 2 }))).toMatchObject({ kind: 'wake', wakeUp: { reason: 'executor-lost' } });
  });
  it('wakes the dispatcher for a session that waits for an execution which has no record, and keeps the lease until it goes on', () => {
    const { lease, session } = claimed();
    expect(decide({ lease, session })).toEqual({
      kind: 'wake',
      wakeUp: { executionId: 'e1', sessionId: 's1', reason: 'executor-lost' },
    });
    expect(decide({ lease, session: aSession({ active: 'e2' }) })).toMatchObject({ kind: 'discard' });
  });
  it.each<[string, StoredRecords]>([
    ['of a finished execution', { ...claimed(), execution: finished() }],
    ['of an execution that is gone', { lease: claimed().lease }],
    ['that another launch replaced', { ...launched({}, 2), lease: launched().lease }],
    ['of an execution that was never launched', { lease: launched().lease, execution: queued(), session: aSession() }],
  ])('discards a lease %s', (_which, stored) => {
    expect(decide(stored)).toEqual({ kind: 'discard', writes: { deletedLeaseId: 'l1' } });
  });
});

describe('a silent executor whose execution was cancelled', () => {
  it.each([1, 2])('ends it as cancelled, even where it could be started again (%i times)', (maxGenerations) => {
    expect(decide(claimed({ maxGenerations }, { cancelReason: 'enough' }))).toMatchObject({
      kind: 'end',
      launch: { leaseId: 'l1' },
      outcome: { kind: 'cancelled', by: 'request', reason: 'enough' },
    });
  });
});

const ended = { kind: 'ended', cause: 'exited', exitCode: null, signal: null, message: '' } as const;
const ends: readonly [Partial<Extract<JobEvidence, { readonly kind: 'ended' }>>, string][] = [
  [{ exitCode: 1 }, 'the executor ended with exit code 1'],
  [{ exitCode: 1, message: 'exit(1)' }, 'the executor ended with exit code 1: exit(1)'],
  [{ cause: 'signaled', signal: 9 }, 'the executor ended with signal 9'],
  [{ cause: 'timed-out', signal: 15, message: 'Timeout.' }, 'the job was ended at its own time limit: Timeout.'],
  [{ cause: 'not-started', message: 'No such file.' }, 'the container did not start: No such file.'],
];

describe('a silent executor whose command must not be started again', () => {
  it('ends as lost, in the name of its launch', () => {
    const stored = claimed();
    expect(decide(stored)).toMatchObject({
      kind: 'end',
      execution: stored.execution,
      launch: { leaseId: 'l1' },
      outcome: { kind: 'lost' },
    });
  });
  it.each<[string, JobEvidence, string]>([
    ['knows nothing', { kind: 'unknown' }, 'the launcher knows nothing of the job'],
    ['says that it has not started', { kind: 'waiting', message: 'No quota.' }, 'the job has not started: No quota.'],
    ['says that it runs', { kind: 'running' }, 'the job still runs'],
    ...ends.map(([end, text]): [string, JobEvidence, string] => [`saw it end: ${text}`, { ...ended, ...end }, text]),
  ])('is lost with what the launcher said when it %s', (_says, evidence, text) => {
    expect(decide(claimed(), evidence)).toMatchObject({
      outcome: { kind: 'lost', evidence: `no heartbeat came before 2026-01-01T00:00:01.000Z; ${text}` },
    });
  });
  it('was shut down when somebody cancelled its job', () => {
    expect(decide(claimed(), { ...ended, cause: 'cancelled', signal: 15, message: 'Cancelled.' })).toMatchObject({
      outcome: { kind: 'cancelled', by: 'shutdown', reason: 'the job was cancelled at the launcher: Cancelled.' },
    });
  });
  it('has evidence that fits its event, however much the launcher says', () => {
    const message = 'x'.repeat(5000);
    const decideEnd = (fields: object) => decide(claimed(), { ...ended, message, ...fields });
    const text = expect.stringMatching(/^.{1024}$/);
    expect(decideEnd({})).toMatchObject({ outcome: { kind: 'lost', evidence: text } });
    expect(decideEnd({ cause: 'cancelled' })).toMatchObject({ outcome: { reason: text } });
    expect(decideEnd({ message: `Memory limit exceeded. ${message}` })).toMatchObject({
      outcome: { kind: 'out-of-memory', evidence: text },
    });
  });
  it('is out of memory when the launcher says so', () => {
    const message = 'Memory limit of 512 MiB exceeded with 520 MiB used.';
    expect(decide(claimed(), { kind: 'ended', cause: 'signaled', exitCode: null, signal: 9, message })).toMatchObject({
      outcome: { kind: 'out-of-memory', evidence: message },
    });
  });
});

describe('an execution whose executor delivered its result', () => {
  const delivered = { ...ended, exitCode: 0 };
  const given = ranOut + collectionMs;
  it.each([1, 2])('is left while the result may be under way (%i starts allowed)', (maxGenerations) => {
    expect(decide(claimed({ maxGenerations }), delivered)).toEqual({ kind: 'leave' });
    expect(decide(claimed({ maxGenerations }), delivered, given - 1)).toEqual({ kind: 'leave' });
  });
  it('is lost after that', () => {
    const silence = 'no heartbeat came before 2026-01-01T00:00:01.000Z';
    expect(decide(claimed(), delivered, given)).toMatchObject({
      kind: 'end',
      outcome: {
        kind: 'lost',
        evidence: `${silence}; the executor ended with exit code 0 and its result never came`,
      },
    });
  });
  it('is left for longer than Pub/Sub tries to deliver the result', () => {
    const { retry, deadLetter } = subscriptions.collectorResults;
    const waits = Array.from({ length: (deadLetter?.maxDeliveryAttempts ?? 1) - 1 }, (_, n) =>
      Math.min(retry.maximumSeconds, retry.minimumSeconds * 2 ** n),
    );
    expect(collectionMs).toBeGreaterThan(1.5 * 1000 * waits.reduce((sum, wait) => sum + wait, 0));
  });
  it.each([
    'timed-out',
    'cancelled',
  ] as const)('is another one than that whose job was %s, whatever its exit code', (cause) => {
    expect(decide(claimed(), { ...delivered, cause }).kind).toBe('end');
  });
  it('ends when somebody cancels it', () => {
    expect(decide(claimed({}, { cancelReason: 'enough' }), delivered)).toMatchObject({
      outcome: { kind: 'cancelled' },
    });
  });
});

describe('an execution whose result is held as a dead letter', () => {
  const endsAt = ranOut + 5000;
  const held = (...given: [Partial<ExecutionBase>?, Partial<LeaseRecord>?]) => holding(endsAt, ...given);
  it.each<[string, StoredRecords]>([
    ['whose command must not be started again', held()],
    ['whose command may be started again', held({ maxGenerations: 2 })],
    ['that was cancelled before its result was held', held({}, { cancelReason: 'enough' })],
  ])('is left to the last millisecond of the hold: one %s', (_which, stored) => {
    expect(decide(stored, { kind: 'unknown' }, endsAt - 1)).toEqual({ kind: 'leave' });
  });
  it('is ended, or woken for another start, from the instant at which the hold ends', () => {
    expect(decide(held(), { kind: 'unknown' }, endsAt)).toMatchObject({ kind: 'end', outcome: { kind: 'lost' } });
    expect(decide(held({ maxGenerations: 2 }), { kind: 'unknown' }, endsAt)).toMatchObject({ kind: 'wake' });
  });
  it('does not wait for a result under way when its hold has ended', () => {
    expect(decide(held(), { ...ended, exitCode: 0 }, endsAt)).toMatchObject({ kind: 'end', outcome: { kind: 'lost' } });
  });
});
