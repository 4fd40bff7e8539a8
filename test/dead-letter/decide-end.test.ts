import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideGivenUp, type GivenUpMessage } from '../../dead-letter/decide-end.ts';
import { defaultLimits } from '../../execution/limits.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aRequest, aSession, claimed, finished, launched, queued, rejected, t0 } from '../support/records.ts';

const request: GivenUpMessage = {
  kind: 'request',
  request: aRequest({ labels: { team: 'x' }, timeoutMs: 5 }),
  requestDigest: 'digest',
  storedRequest: { kind: 'inline', request: aRequest() },
};
const wakeUp: GivenUpMessage = { kind: 'wake-up', executionId: 'e1', sessionId: 's1' };
const decide = (message: GivenUpMessage, stored: StoredRecords) =>
  decideGivenUp({ message, deadLetterId: 'd1', stored, now: t0 + 9 });

const notStarted = { kind: 'launch-failed', code: 'delivery/exhausted', message: expect.stringContaining('d1') };
const nobodyKnows = { kind: 'lost', evidence: expect.stringContaining('d1') };
const withoutLease = ({ execution, session }: StoredRecords): StoredRecords => ({
  ...(execution && { execution }),
  ...(session && { session }),
});
const behindAnother = { execution: queued(), session: aSession({ active: 'e0', queued: ['e1'] }) };
const itsTurn = { execution: queued(), session: aSession({ active: 'e1' }) };

describe('a request that was given up and never accepted', () => {
  it('is stored as rejected and ends so', () => {
    const message = 'every delivery of the request failed: dead letter d1';
    const execution = {
      ...{ executionId: 'e1', sessionId: 's1', tenantId: 'default', seq: 0, starts: 0, maxGenerations: 1 },
      ...{ requestDigest: 'digest', request: request.storedRequest, labels: { team: 'x' } },
      limits: { ...defaultLimits, timeoutMs: 5, idleOutputMs: 5, cpuMs: 40 },
      ...{ acceptedAt: t0 + 9, owedEnd: { owedAt: t0 + 9 } },
      ...{ state: 'rejected', code: 'request/undeliverable', message },
    };
    expect(decide(request, {})).toEqual({
      kind: 'end',
      execution,
      launch: null,
      outcome: { kind: 'rejected', code: 'request/undeliverable', message },
      endedAt: t0 + 9,
      writes: { execution },
    });
  });
  it('ends the same way when it is decided again', () => {
    const first = decide(request, {});
    const { writes, ...again } = { writes: undefined, ...first };
    expect(decideGivenUp({ message: request, deadLetterId: 'd1', stored: writes ?? {}, now: t0 + 99 })).toEqual(again);
  });
});

describe('a wake-up that was given up', () => {
  it('ends nothing where no execution was accepted', () => {
    expect(decide(wakeUp, {})).toMatchObject({ kind: 'leave' });
  });
  it('ends the execution whose turn has come: nothing else will launch it', () => {
    const owedEnd = { outcome: notStarted, owedAt: t0 + 9 };
    expect(decide(wakeUp, itsTurn)).toMatchObject({
      ...{ kind: 'end', launch: null, outcome: notStarted, endedAt: t0 + 9 },
      writes: { execution: { state: 'queued', owedEnd } },
    });
  });
  it('does not end one that waits for capacity: each round looks after it', () => {
    const waiting = { executionId: 'e1', tenantId: 'default', priority: 0, sinceAt: t0, rankAt: t0, retryAt: t0 };
    expect(decide(wakeUp, { ...itsTurn, session: aSession({ active: 'e1', waiting }) })).toMatchObject({
      kind: 'leave',
    });
  });
  it('does not say of one that was started before that it never ran', () => {
    expect(decide(wakeUp, { ...itsTurn, execution: queued({ starts: 1 }) })).toMatchObject({
      kind: 'end',
      outcome: nobodyKnows,
    });
  });
  it('does not end one that waits behind another', () => {
    expect(decide(wakeUp, behindAnother)).toMatchObject({ kind: 'leave' });
  });
  it('does not end one of another session', () => {
    expect(decide({ ...wakeUp, sessionId: 's2' }, itsTurn)).toMatchObject({ kind: 'leave' });
  });
});

describe('a request that was given up after it was accepted', () => {
  it.each<[string, StoredRecords]>([
    ['queued behind another', behindAnother],
    ['queued, and its turn has come: its wake-up is on the way', itsTurn],
    ['launching', launched()],
    ['running', claimed()],
    ['running, its lease run out: the sweeper finds it', claimed({}, { expiresAt: t0 - 1 })],
    ['finished', { execution: finished() }],
  ])('leaves it alone while it is %s', (_what, stored) => {
    expect(decide(request, stored)).toMatchObject({ kind: 'leave' });
  });
  it('has its rejection published again', () => {
    const outcome = { kind: 'rejected', code: 'request/expired', message: 'too late' };
    expect(decide(request, { execution: rejected() })).toEqual({
      ...{ kind: 'end', execution: rejected(), launch: null, outcome, endedAt: t0 },
    });
  });
  it.each<[string, StoredRecords, object]>([
    ['launch-failed when it was never started', launched(), notStarted],
    ['lost when an earlier launch may have started it', launched({ starts: 1 }, 2), nobodyKnows],
    ['lost when it may be running', claimed(), nobodyKnows],
  ])('ends it without a lease, as nobody looks after it: %s', (_what, stored, outcome) => {
    const { execution } = stored;
    const launch = execution !== undefined && 'launch' in execution ? execution.launch : null;
    expect(decide(request, withoutLease(stored))).toMatchObject({ kind: 'end', launch, outcome });
  });
});

describe('a message that was given up', () => {
  const states: readonly StoredRecords[] = [
    ...[behindAnother, itsTurn, launched(), launched({ starts: 1 }, 2), claimed(), { execution: finished() }],
    ...[{ execution: rejected() }, withoutLease(launched()), withoutLease(claimed())],
  ];
  const stored = fc.constantFrom(...states);
  const message = fc.constantFrom<GivenUpMessage>(request, wakeUp);

  it('never touches the execution of another request under its id', () => {
    fc.assert(
      fc.property(stored, (records) => {
        expect(decide({ ...request, requestDigest: 'of another' }, records)).toMatchObject({ kind: 'leave' });
      }),
    );
  });
  it('never ends an execution that holds a lease or has ended, and writes nothing but an end that is owed', () => {
    fc.assert(
      fc.property(message, stored, (given, records) => {
        const decision = decide(given, records);
        const mayEnd = records.lease === undefined && records.execution?.state !== 'finished';
        const { owedEnd: _, ...kept } = { owedEnd: null, ...decision.writes?.execution };
        expect([decision.writes === undefined || isDeepStrictEqual(kept, records.execution)]).toEqual([true]);
        expect(mayEnd || decision.kind === 'leave').toBe(true);
      }),
    );
  });
});
