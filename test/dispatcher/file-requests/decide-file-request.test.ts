import { describe, expect, it } from '@jest/globals';
import { decideApplied, decideFileRequest } from '../../../dispatcher/file-requests/decide-file-request.ts';
import { decideAnswered, decideGivenBack, decideTake } from '../../../dispatcher/lease-api/decide-files.ts';
import { beginAfterDeletion, deleteSession } from '../../../execution/deleted-session.ts';
import type { StoredForFiles } from '../../../execution/file-request-facts.ts';
import type { ExecutionRecord } from '../../../execution/records.ts';
import { aCheckpoint, anExecution, aSession, t0 } from '../../support/records.ts';

const policy = { keptMs: 1000, sessionMs: 10_000 };
const request = { requestId: 'f1', sessionId: 's1', expiresAt: new Date(t0 + 1000).toISOString() };
const operations = { kind: 'inline', operations: [] } as const;
const launch = { generation: 2, attempt: 1, leaseId: 'l2', epoch: 2, launchedAt: t0 };
const running: ExecutionRecord = { ...anExecution({}), state: 'running', launch, claimedAt: t0 };
const launching: ExecutionRecord = { ...anExecution({}), state: 'launching', launch };
const lease = { leaseId: 'l2', executionId: running.executionId, generation: 2 };
const head = aCheckpoint(3);
const session = aSession({ sessionId: 's1', head, lastCheckpoint: 5 });
const base = { requestId: 'f1', sessionId: 's1', endsAt: t0 + 1000, expireAt: t0 + 2000, operations };
const offered = { ...base, state: 'offered', waitsSinceAt: t0 } as const;
const taken = { ...base, state: 'taken', takenBy: lease } as const;
const late = {
  ...{ requestId: 'f1', sessionId: 's1', endsAt: t0 + 1000, expireAt: t0 + 2000, state: 'done', checkpoint: null },
  answers: { kind: 'failed', code: 'files/expired', message: `nothing was done until ${request.expiresAt}` },
};

const decide = (stored: StoredForFiles, now = t0, changes = true) =>
  decideFileRequest({ request, operations, changes, stored, now }, policy);

describe('a request for files', () => {
  it('is carried out on the head where nothing runs', () => {
    expect(decide({ session })).toMatchObject({ kind: 'apply', head });
  });

  it('is carried out on the empty workspace of a session that nobody has used', () => {
    expect(decide({})).toEqual({ kind: 'apply', head: null, ancestors: [] });
  });

  it('is carried out before a command whose job has not claimed its lease', () => {
    expect(decide({ session, active: launching }).kind).toBe('apply');
  });

  it('is offered to the executor of a running command, once', () => {
    expect(decide({ session, active: running })).toMatchObject({
      kind: 'wait',
      writes: { request: { state: 'offered' } },
    });
    expect(decide({ session, active: running, request: offered })).toEqual({ kind: 'wait' });
  });

  it('that was offered is carried out once the command has ended', () => {
    expect(decide({ session, request: offered }).kind).toBe('apply');
  });

  it.each([
    [0, 'apply'],
    [999, 'apply'],
    [1000, 'done'],
  ])('%i ms after it was asked for is met with %s', (ms, kind) => {
    expect(decide({ session }, t0 + ms).kind).toBe(kind);
  });

  it('says when its time was over, and does nothing from then on', () => {
    expect(decide({ session }, t0 + 1000)).toMatchObject({
      writes: { request: { state: 'done', answers: { kind: 'failed', code: 'files/expired' } } },
    });
  });

  it('changes no closed session, and looks at one', () => {
    const closed = { session: { ...session, state: 'closed' } } as const;
    expect(decide(closed)).toMatchObject({ writes: { request: { answers: { code: 'session/closed' } } } });
    expect(decide(closed, t0, false).kind).toBe('apply');
  });
});

describe('a request under the id of a deleted session', () => {
  const deleted = deleteSession({ ...session, tenantId: 'other' }, t0);

  it('of another tenant changes nothing, and says why', () => {
    expect(decide({ session: deleted })).toMatchObject({
      kind: 'done',
      writes: { request: { answers: { kind: 'failed', code: 'session/deleted' } } },
    });
  });

  it('of the same tenant begins an empty session', () => {
    expect(decide({ session: { ...deleted, tenantId: 'default' } })).toMatchObject({ kind: 'apply', head: null });
  });

  it('finds nothing where it only looks, whoever asks', () => {
    expect(decide({ session: deleted }, t0, false)).toMatchObject({ kind: 'apply', head: null });
  });
});

describe('a request that an executor took', () => {
  it('waits for it', () => {
    expect(decide({ session, active: running, taker: running, request: taken })).toEqual({ kind: 'wait' });
  });

  it('is carried out anew where that launch is over and another one was made', () => {
    const relaunched = { ...launching, launch: { ...launch, generation: 3, leaseId: 'l3' } } as ExecutionRecord;
    expect(decide({ session, active: relaunched, taker: relaunched, request: taken }).kind).toBe('apply');
  });

  it('is unconfirmed where nothing is known of that execution any more', () => {
    expect(decide({ session, request: taken })).toMatchObject({
      kind: 'done',
      writes: { request: { answers: { kind: 'failed', code: 'files/unconfirmed' } } },
    });
  });

  it('is given to no other lease, and to its own again', () => {
    const stored = { session, active: running, request: taken };
    expect(decideTake(stored, lease, t0).taken).toEqual(taken);
    expect(decideTake(stored, { ...lease, leaseId: 'l1' }, t0).taken).toBeNull();
  });

  it('is answered by its taker and by nobody else', () => {
    const answers = { kind: 'inline', json: '[]' } as const;
    expect(decideAnswered({ request: taken }, lease, answers)).toMatchObject({
      writes: { request: { state: 'done', answers } },
    });
    expect(decideAnswered({ request: taken }, { ...lease, leaseId: 'l1' }, answers)).toEqual({});
    expect(decideAnswered({ request: offered }, lease, answers)).toEqual({});
  });

  it('waits again when its taker says that it did nothing', () => {
    expect(decideGivenBack({ request: taken }, lease, t0 + 5)).toMatchObject({
      writes: { request: { state: 'offered', waitsSinceAt: t0 + 5 } },
    });
  });

  it('is not taken after its time, and is in the way of no other then', () => {
    const stored = { session, active: running, request: offered };
    expect(decideTake(stored, lease, t0 + 999).taken).not.toBeNull();
    expect(decideTake(stored, lease, t0 + 1000)).toEqual({ taken: null, writes: { request: late } });
  });

  it('does not wait again after its time', () => {
    expect(decideGivenBack({ request: taken }, lease, t0 + 999)).toMatchObject({
      writes: { request: { state: 'offered' } },
    });
    expect(decideGivenBack({ request: taken }, lease, t0 + 1000)).toEqual({ writes: { request: late } });
  });
});

describe('what was carried out on a head', () => {
  const manifest = { object: 'sessions/s1/manifests/x', bytes: 1, sha256: 'b'.repeat(64) };
  const changed = { manifest, entries: 1, workspaceBytes: 2 };
  const applied = (stored: StoredForFiles, by: typeof changed | null = changed) =>
    decideApplied(
      {
        ...{ request, answers: { kind: 'inline', json: '[]' }, changed: by, stored, now: t0 },
        decidedOn: { head, session },
      },
      policy,
    );

  it('becomes the next checkpoint, with the shell as it was', () => {
    expect(applied({ session })).toMatchObject({
      kind: 'done',
      writes: {
        session: { head: { number: 6, parent: 3, manifest, state: head.state }, lastCheckpoint: 6 },
        checkpoint: { number: 6, executionId: null, origin: { kind: 'files', requestId: 'f1' } },
        request: { state: 'done', checkpoint: 6 },
      },
    });
  });

  it('makes no checkpoint where nothing was changed', () => {
    const { writes = {} } = applied({ session }, null);
    expect(Object.keys(writes)).toEqual(['request']);
  });

  it('counts for nothing where the head is another one, a command runs or the session is closed', () => {
    const moved = { session: { ...session, head: aCheckpoint(4) } };
    const closed = { session: { ...session, state: 'closed' } } as const;
    expect([applied(moved).kind, applied({ session, active: running }).kind, applied(closed).kind]).toEqual([
      'again',
      'again',
      'again',
    ]);
  });

  it('counts for nothing where the session was deleted meanwhile, which takes what was stored with it', () => {
    const fresh = aSession({ sessionId: 's1' });
    const deleted = deleteSession(fresh, t0);
    const begun = beginAfterDeletion(fresh, deleted);
    const kinds = [deleted, begun].map(
      (stored) =>
        decideApplied(
          {
            ...{ request, answers: { kind: 'inline', json: '[]' }, changed, now: t0 },
            ...{ decidedOn: { head: null, session: fresh }, stored: { session: stored } },
          },
          policy,
        ).kind,
    );
    expect(kinds).toEqual(['again', 'again']);
  });

  it('is done once, however often it is carried out', () => {
    const done = { ...base, state: 'done', answers: { kind: 'inline', json: '[]' }, checkpoint: 6 } as const;
    expect(applied({ session, request: done })).toEqual({ kind: 'done' });
  });
});
