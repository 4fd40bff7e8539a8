import { describe, expect, it } from '@jest/globals';
import { decideDispatch } from '../../dispatcher/decide.ts';
import { deleteSession, unlessDeleted, withoutDeleted } from '../../execution/deleted-session.ts';
import type { StoredRecords } from '../../execution/records.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { dispatchPolicy } from '../support/dispatcher-world.ts';
import { aCheckpoint, aRequest, aSession, t0 } from '../support/records.ts';

const used = aSession({ active: null, head: aCheckpoint(7), lastCheckpoint: 7, epoch: 4, nextSeq: 9 });
const deleted = deleteSession(used, t0);
const record = (number: number) => ({ ...aCheckpoint(number), sessionId: 's1', executionId: 'e1', createdAt: t0 });

const dispatch = (fields: Partial<ExecRequest>, stored: StoredRecords) => {
  const request = aRequest(fields);
  const room = { mayStart: true, queued: 0, maxQueued: 10 };
  const facts = { requestDigest: 'd', storedRequest: { kind: 'inline', request } as const, room, newLeaseId: 'l1' };
  return decideDispatch({ ...facts, request, stored, now: t0 + 1 }, dispatchPolicy);
};

describe('a command under the id of a deleted session', () => {
  it('begins an empty session, whose leases and checkpoints come after all of the old one', () => {
    expect(dispatch({}, { session: deleted })).toMatchObject({
      kind: 'launch',
      execution: { seq: 9, launch: { epoch: 6 } },
      writes: {
        session: {
          ...{ state: 'open', head: null, lastCheckpoint: 7, nextSeq: 10, epoch: 6 },
          removal: { throughCheckpoint: 7, deletedAt: t0 },
        },
      },
    });
  });
  it.each([7, 1])('cannot start from checkpoint %d of the old one, which may not be gone yet', (checkpoint) => {
    expect(dispatch({ checkpoint }, { session: deleted, checkpoint: record(checkpoint) })).toMatchObject({
      kind: 'reject',
      execution: { code: 'request/unknown-checkpoint' },
    });
  });
  it('is rejected when it is of another tenant, as long as data is left', () => {
    expect(dispatch({ tenantId: 't' }, { session: deleted })).toMatchObject({
      kind: 'reject',
      execution: { code: 'session/deleted' },
    });
  });
  it('of another session cannot begin at a checkpoint of it', () => {
    const forking = { sessionId: 's2', checkpoint: 7, checkpointOf: 's1' };
    expect(dispatch(forking, { source: deleted, checkpoint: record(7) })).toMatchObject({
      kind: 'reject',
      execution: { code: 'request/unknown-checkpoint' },
    });
  });
});

describe('a checkpoint', () => {
  it.each([
    { number: 7, seen: false },
    { number: 8, seen: true },
  ])('$number of a session that was deleted up to 7 can be seen: $seen', ({ number, seen }) => {
    const again = aSession({ removal: { throughCheckpoint: 7, deletedAt: t0 } });
    expect(unlessDeleted(record(number), again) !== undefined).toBe(seen);
    expect(withoutDeleted({ session: again, checkpoint: record(number) }).checkpoint !== undefined).toBe(seen);
    expect(withoutDeleted({ source: again, checkpoint: record(number) }).checkpoint !== undefined).toBe(seen);
  });
});
