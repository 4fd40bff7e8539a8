import { describe, expect, it } from '@jest/globals';
import { captureDeadLetter } from '../../dead-letter/capture.ts';
import type { DeadLetterPorts } from '../../dead-letter/ports.ts';
import type { Delivery } from '../../execution/delivery.ts';
import { encodeMessage } from '../../schemas/encode-message.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { requestDigest } from '../../signing/request-digest.ts';
import { crashAfterCall } from '../support/crashing-ports.ts';
import { createDeadLetterWorld, deadLetterPolicy, forwardedFrom } from '../support/dead-letter-world.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { aCheckpoint, anExecution, aSession, claimed, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const store = useRecordsStore();
const world = () => createDeadLetterWorld(store());

const givenUp = (message: unknown, { messageId = crypto.randomUUID(), from = 'exec-requests-dispatcher' } = {}) =>
  aDelivery(message, { messageId, attributes: { team: 'a', ...forwardedFrom(from) }, publishedAt: t0 + 4000 });
const capture = (delivery: Delivery, ports: DeadLetterPorts) => captureDeadLetter(delivery, ports, deadLetterPolicy);
const idOf = ({ messageId, attributes }: Delivery) =>
  `${attributes.CloudPubSubDeadLetterSourceSubscription}-${messageId}`;

describe('a captured request', () => {
  it('has its bytes, its attributes, its times and what filters look for', async () => {
    const { ports } = world();
    const request = { ...freshIds(), command: 'x', tenantId: 't1', labels: { team: 'x', job: '7' } };
    const delivery = givenUp(request);
    expect(await capture(delivery, ports)).toEqual({ kind: 'ack' });
    expect(await store().reader.getDeadLetter(idOf(delivery))).toMatchObject({
      code: 'delivery/exhausted',
      deliveryAttempts: 20,
      data: Buffer.from(JSON.stringify(request)).toString('base64'),
      attributes: { team: 'a' },
      ...{ executionId: request.executionId, sessionId: request.sessionId, tenantId: 't1' },
      labels: ['team=x', 'job=7'],
      ...{ firstAt: Date.UTC(2025, 11, 31), lastAt: t0 + 4000, deadLetteredAt: '2026-01-01T00:00:05.000Z' },
      ...{ state: 'open', replays: [], startCheckpoint: 0 },
    });
  });

  it('remembers the checkpoint that the session stands at, and keeps it when it is captured again', async () => {
    const { ports } = world();
    const request = { ...freshIds(), command: 'x' };
    const delivery = givenUp(request);
    const { sessionId } = request;
    const standAt = (number: number) =>
      store().store.transact({ sessionId }, () => ({
        writes: { session: aSession({ sessionId, active: null, head: aCheckpoint(number) }) },
      }));
    await standAt(4);
    await capture(delivery, ports);
    await standAt(5);
    await capture(delivery, ports);
    expect(await store().reader.getDeadLetter(idOf(delivery))).toMatchObject({ startCheckpoint: 4 });
  });

  it.each([
    ['the one that it names', { checkpoint: 3 }, 3],
    ['none where its session cannot be read', { sessionId: '../x' }, null],
  ])('remembers %s', async (_what, fields, startCheckpoint) => {
    const { ports } = world();
    const delivery = givenUp({ ...freshIds(), command: 'x', ...fields });
    await capture(delivery, ports);
    expect(await store().reader.getDeadLetter(idOf(delivery))).toMatchObject({ startCheckpoint });
  });

  it('that a service reported has the labels of its bytes, also when they stand in the bucket', async () => {
    const { ports, objects } = world();
    const deadLetterId = crypto.randomUUID();
    objects.set('dead-letters/x', Buffer.from(JSON.stringify({ labels: { big: 'yes' } })));
    const report = {
      ...{ deadLetterId, code: 'message/invalid', reason: 'x', attributes: { tenantId: 't2' }, deliveryAttempts: 1 },
      source: { topic: 'exec-requests', subscription: 's', messageId: '1', publishTime: '2026-01-01T00:00:00Z' },
      dataRef: { object: 'dead-letters/x', bytes: 1, sha256: 'a'.repeat(64) },
      deadLetteredAt: '2026-01-01T01:00:01+01:00',
    };
    const context = { id: deadLetterId, source: '/x', time: '2026-01-01T00:00:00Z' };
    await capture({ ...aDelivery(''), ...encodeMessage('dead-letter.v1', report, context) }, ports);
    expect(await store().reader.getDeadLetter(deadLetterId)).toMatchObject({
      ...{ labels: ['big=yes'], tenantId: 't2', lastAt: t0 + 1000, deadLetteredAt: '2026-01-01T00:00:01.000Z' },
    });
  });
});

describe('the execution of a request that was given up', () => {
  it('is stored as rejected and its end is published, however often the service dies on the way', async () => {
    const request = { ...freshIds(), command: 'x' };
    const delivery = givenUp(request);
    const { ports, completions } = world();
    for (const at of [1, 2, 3, 4]) {
      await capture(delivery, crashAfterCall(ports, at, ['now'])).catch(() => {});
    }
    await Promise.all([capture(delivery, ports), capture(delivery, ports)]);
    const record = await store().reader.getExecution(request.executionId);
    expect(record).toMatchObject({ state: 'rejected', code: 'request/undeliverable', request: { request } });
    expect(completions.length).toBeGreaterThanOrEqual(1);
    expect(new Set(completions.map((event) => JSON.stringify(event))).size).toBe(1);
    expect(completions[0]).toMatchObject({ status: 'rejected', generation: 0, leaseId: null });
  });

  it('keeps a large request in the bucket', async () => {
    const { ports, objects } = world();
    const request: ExecRequest = { ...freshIds(), command: 'x'.repeat(65 * 1024) };
    await capture(givenUp(request), ports);
    const object = `executions/${request.executionId}/request-${requestDigest(request)}.json`;
    expect(await store().reader.getExecution(request.executionId)).toMatchObject({
      request: { kind: 'object', ref: { object } },
    });
    expect(objects.get(object)).toEqual(Buffer.from(JSON.stringify(request)));
  });

  it('is left alone while it runs, and when its id is that of another request', async () => {
    const { ports, completions } = world();
    const ids = freshIds();
    const request = { ...ids, command: 'x' };
    const { execution, session, lease } = claimed({ ...ids, requestDigest: requestDigest(request) });
    const leaseId = crypto.randomUUID();
    const running = { ...execution, launch: { ...execution.launch, leaseId } };
    await store().store.transact(ids, () => ({
      writes: { execution: running, session: { ...session, ...ids }, lease: { ...lease, ...ids, leaseId } },
    }));
    await capture(givenUp(request), ports);
    await capture(givenUp({ ...request, command: 'another' }), ports);
    expect(await store().reader.getExecution(ids.executionId)).toEqual(running);
    expect(completions).toEqual([]);
  });

  it.each([
    ['a wake-up, whose turn has come', 'exec-wakeups-dispatcher', ['launch-failed']],
    ['a completion event, which the sweeper stands in for', 'exec-results-collector', []],
    ['a control message', 'exec-control-dispatcher', []],
  ])('ends with %s', async (_what, from, statuses) => {
    const { ports, completions } = world();
    const ids = freshIds();
    await store().store.transact(ids, () => ({
      writes: {
        execution: { ...anExecution(ids), state: 'queued' },
        session: aSession({ sessionId: ids.sessionId, active: ids.executionId }),
      },
    }));
    await capture(givenUp({ ...ids, reason: 'next-in-session' }, { from }), ports);
    expect(completions.map(({ status }) => status)).toEqual(statuses);
  });

  it.each([
    ['is not one', 'hello'],
    ['was reported by a service', { executionId: 'e', sessionId: 's', comand: 'x' }],
  ])('does not exist where the message %s', async (_what, message) => {
    const { ports, completions } = world();
    await capture(givenUp(message), ports);
    expect(completions).toEqual([]);
  });
});
