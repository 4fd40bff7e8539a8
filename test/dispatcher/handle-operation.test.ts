import { describe, expect, it } from '@jest/globals';
import { handleControl } from '../../dispatcher/handle-control.ts';
import type { SessionOperation } from '../../execution/checkpoint-records.ts';
import { openDocuments } from '../../gcp/documents.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { aCheckpoint, aSession, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();

/** A session at rest with nine checkpoints, of a workspace of so many files. */
async function aRestingSession(entries = 1) {
  const { sessionId } = freshIds();
  const documents = openDocuments(records().firestore);
  const size = { entries, workspaceBytes: entries * 12_000 };
  const head = { ...aCheckpoint(9), ...size };
  await documents.sessions
    .doc(sessionId)
    .set(aSession({ sessionId, active: null, head, lastCheckpoint: 9, expireAt: t0 }));
  for (const number of [7, 9]) {
    const record = { ...aCheckpoint(number), ...size, sessionId, executionId: `e${number}`, createdAt: t0 };
    await documents.checkpoints(sessionId).doc(String(number)).set(record);
  }
  const { ports } = createDispatcherWorld(records());
  const control = (action: SessionOperation) => handleControl(aDelivery({ sessionId, action }), ports, dispatchPolicy);
  const session = async (id = sessionId) => (await documents.sessions.doc(id).get()).data();
  const numbers = async (id = sessionId) =>
    (await documents.checkpoints(id).orderBy('number').get()).docs.map((document) => document.data().number);
  const operation = async (id: string) => (await documents.operations.doc(id).get()).data();
  return { sessionId, ports, control, session, numbers, operation };
}

describe('a rewind that is delivered again', () => {
  it('takes effect once, in sequence and at the same time', async () => {
    const { control, session, numbers, operation, sessionId } = await aRestingSession();
    const action = { kind: 'rewind', operationId: `o-${sessionId}`, checkpoint: 7 } as const;
    const all = [await control(action), ...(await Promise.all([control(action), control(action)]))];
    expect(all).toEqual([{ kind: 'ack' }, { kind: 'ack' }, { kind: 'ack' }]);
    expect(await numbers()).toEqual([7, 9, 10]);
    expect(await session()).toMatchObject({ head: { number: 10, parent: 7 }, lastCheckpoint: 10 });
    expect(await operation(action.operationId)).toMatchObject({ result: { kind: 'done', checkpoint: 10 } });
  });
});

describe('two rewinds at the same time', () => {
  it('both take effect, one after the other', async () => {
    const { control, session, numbers, sessionId } = await aRestingSession();
    await Promise.all(
      [7, 9].map((checkpoint) => control({ kind: 'rewind', operationId: `o${checkpoint}-${sessionId}`, checkpoint })),
    );
    expect(await numbers()).toEqual([7, 9, 10, 11]);
    expect(await session()).toMatchObject({ head: { number: 11 }, lastCheckpoint: 11 });
  });
});

describe('a fork that is delivered again', () => {
  it('takes effect once, from the head that the session had then', async () => {
    const { control, session, numbers, operation, sessionId } = await aRestingSession();
    const fork = { kind: 'fork', operationId: `f-${sessionId}`, newSessionId: `${sessionId}-2` } as const;
    await Promise.all([control(fork), control(fork)]);
    await control({ kind: 'rewind', operationId: `o-${sessionId}`, checkpoint: 7 });
    await control(fork);
    expect(await numbers(fork.newSessionId)).toEqual([9]);
    expect(await session(fork.newSessionId)).toMatchObject({ head: { number: 9 }, ancestors: [sessionId] });
    expect(await operation(fork.operationId)).toMatchObject({ result: { kind: 'done', checkpoint: 9 } });
  });
  it('keeps the session that it is of as long as the one that it makes', async () => {
    const { control, session, sessionId } = await aRestingSession();
    const fork = { kind: 'fork', operationId: `f-${sessionId}`, newSessionId: `${sessionId}-2` } as const;
    await control(fork);
    expect((await session())?.expireAt).toBeGreaterThan(t0);
    expect((await session())?.expireAt).toBe((await session(fork.newSessionId))?.expireAt);
  });
});

describe('a rewind and a fork', () => {
  it.each([
    1, 1_000_000,
  ])('of a workspace of %d files are one transaction of at most three documents each', async (entries) => {
    const { control, ports, sessionId } = await aRestingSession(entries);
    const written: (readonly string[])[] = [];
    const counting = {
      ...ports,
      transact: (async (ids, decide) => {
        const decision = await ports.transact(ids, decide);
        written.push(Object.keys(decision.writes ?? {}).sort());
        return decision;
      }) as typeof ports.transact,
    };
    const actions: readonly SessionOperation[] = [
      { kind: 'rewind', operationId: `o-${sessionId}`, checkpoint: 7 },
      { kind: 'fork', operationId: `f-${sessionId}`, newSessionId: `${sessionId}-2`, checkpoint: 7 },
    ];
    for (const action of actions) {
      await handleControl(aDelivery({ sessionId, action }), counting, dispatchPolicy);
    }
    expect(written).toEqual([
      ['checkpoint', 'operation', 'session'],
      ['checkpoint', 'operation', 'session'],
    ]);
    // Nothing but the store is asked: no object is read or written.
    expect(await control(actions[0] as SessionOperation)).toEqual({ kind: 'ack' });
  });
});
