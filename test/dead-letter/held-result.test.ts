import { describe, expect, it } from '@jest/globals';
import { captureDeadLetter } from '../../dead-letter/capture.ts';
import type { DeadLetterPorts } from '../../dead-letter/ports.ts';
import { handleReplay } from '../../dead-letter/replay.ts';
import { collectionMs } from '../../execution/held-result.ts';
import { handleResult } from '../../result-collector/handle.ts';
import { sweep } from '../../result-collector/sweep.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { createCollectorWorld, goodSignature } from '../support/collector-world.ts';
import { crashAfterCall } from '../support/crashing-ports.ts';
import { createDeadLetterWorld, deadLetterPolicy, forwardedFrom } from '../support/dead-letter-world.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { aCompletion, aSession, claimed, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

/*
 * A command that ended, whose result could not be collected: the dead-letter service and the result collector meet over the
 * same records.
 */

const store = useRecordsStore();
const policy = { retentionMs: 86_400_000 };
const capturedAt = t0 + 5000;
const { holdMs } = deadLetterPolicy;

/** An execution whose lease is over, and its own result. */
async function aSilentExecution() {
  const ids = freshIds();
  const leaseId = `l-${ids.executionId}`;
  const { execution, lease } = claimed(ids, { ...ids, leaseId });
  const launch = { ...execution.launch, leaseId };
  const session = aSession({ sessionId: ids.sessionId, active: ids.executionId, epoch: 2 });
  await store().store.transact(ids, () => ({ writes: { execution: { ...execution, launch }, session, lease } }));
  return { ids, event: aCompletion({ ...ids, leaseId, stages: { queuedMs: 0 } }) };
}

async function capture(event: unknown, ports: DeadLetterPorts, signature = goodSignature): Promise<string> {
  const messageId = crypto.randomUUID();
  const attributes = { signature, ...forwardedFrom('exec-results-collector') };
  const { executionId } = event as { readonly executionId: string };
  await captureDeadLetter(
    aDelivery(event, { messageId, attributes: { ...attributes, executionId } }),
    ports,
    deadLetterPolicy,
  );
  return `exec-results-collector-${messageId}`;
}

const recordOf = (executionId: string) => store().reader.getExecution(executionId);

/** What the sweeper tells of the execution at a time. */
async function sweepAt(now: number, executionId: string): Promise<readonly CompletionEvent[]> {
  const { ports, completions } = createCollectorWorld(store(), now);
  await sweep(ports);
  return completions.filter((event) => event.executionId === executionId);
}

const collect = (data: unknown, signature = goodSignature, now = capturedAt) =>
  handleResult(aDelivery(data, { attributes: { signature } }), createCollectorWorld(store(), now).ports, policy);

const ask = (deadLetterId: string, ports: DeadLetterPorts, replayId = 'r1', more: object = {}) =>
  handleReplay(aDelivery({ replayId, deadLetterId, reason: 'mended', ...more }), ports, deadLetterPolicy);

async function aHeldResult() {
  const world = createDeadLetterWorld(store(), capturedAt);
  const { ids, event } = await aSilentExecution();
  return { ...world, ids, event, deadLetterId: await capture(event, world.ports) };
}

describe('an execution whose result became a dead letter', () => {
  it('is left by the sweeper to the last millisecond of the hold, and ended as lost at its end', async () => {
    const { ids, deadLetterId } = await aHeldResult();
    const endsAt = capturedAt + holdMs;
    expect(await recordOf(ids.executionId)).toMatchObject({ heldResult: { deadLetterId, outcome: 'exited', endsAt } });
    expect(await sweepAt(endsAt - 1, ids.executionId)).toEqual([]);
    expect(await sweepAt(endsAt, ids.executionId)).toMatchObject([{ outcome: { kind: 'lost' } }]);
  });

  it('takes no capacity, and the launcher is not asked of it round after round', async () => {
    const { ids, event } = await aSilentExecution();
    const tenantId = 'default';
    const before = await store().capacity.countLoad(tenantId, t0);
    await capture(event, createDeadLetterWorld(store(), capturedAt).ports);
    expect(await store().capacity.countLoad(tenantId, t0)).toMatchObject({ running: before.running - 1 });
    const asked = async (now: number) => {
      const { ports } = createCollectorWorld(store(), now);
      const executions: string[] = [];
      const inspectJob: typeof ports.inspectJob = (lease) => {
        executions.push(lease.executionId);
        return ports.inspectJob(lease);
      };
      await sweep({ ...ports, inspectJob });
      return executions.includes(ids.executionId);
    };
    expect([await asked(capturedAt + holdMs - 1), await asked(capturedAt + holdMs)]).toEqual([false, true]);
  });

  it('is not ended by a word of the sweeper that was under way when the result was captured', async () => {
    const { ids, event } = await aSilentExecution();
    const [lost] = await sweepAt(capturedAt, ids.executionId);
    await capture(event, createDeadLetterWorld(store(), capturedAt).ports);
    await collect(lost);
    expect(await recordOf(ids.executionId)).toMatchObject({ state: 'running', ignoredEvents: [{ outcome: 'lost' }] });
  });

  it('is ended by the replay of that result, whatever the sweeper says meanwhile', async () => {
    const { ids, ports, published, deadLetterId } = await aHeldResult();
    await ask(deadLetterId, ports);
    expect(await sweepAt(capturedAt + collectionMs - 1, ids.executionId)).toEqual([]);
    const [again] = published;
    expect(again).toMatchObject({ topic: 'exec-results', attributes: { signature: goodSignature, replayDepth: '1' } });
    await collect(again?.data, again?.attributes.signature);
    const ended = await recordOf(ids.executionId);
    expect(ended).toMatchObject({ state: 'finished', result: { status: 'succeeded' } });
    expect(ended).not.toHaveProperty('heldResult');
    expect(await ports.read(deadLetterId)).toMatchObject({ state: 'replayed' });
  });

  it('is held once, however often the service dies on the way', async () => {
    const world = createDeadLetterWorld(store(), capturedAt);
    const { ids, event } = await aSilentExecution();
    const messageId = crypto.randomUUID();
    const attributes = { signature: goodSignature, ...forwardedFrom('exec-results-collector') };
    const delivery = aDelivery(event, { messageId, attributes });
    for (const at of [1, 2]) {
      await captureDeadLetter(delivery, crashAfterCall(world.ports, at, ['now', 'isSigned']), deadLetterPolicy).catch(
        () => {},
      );
    }
    const later = createDeadLetterWorld(store(), capturedAt + 1000).ports;
    await Promise.all([1, 2].map(() => captureDeadLetter(delivery, later, deadLetterPolicy)));
    expect(await recordOf(ids.executionId)).toMatchObject({ heldResult: { endsAt: capturedAt + holdMs } });
  });

  it('is held also for a result of a version that nobody here reads', async () => {
    const { ids, event } = await aSilentExecution();
    await capture({ ...event, version: 2 }, createDeadLetterWorld(store(), capturedAt).ports);
    expect(await sweepAt(capturedAt, ids.executionId)).toEqual([]);
  });

  it.each<[string, (event: CompletionEvent) => readonly [unknown, string?]]>([
    ['is forged', (event) => [event, 'forged']],
    ['is of another generation', (event) => [{ ...event, generation: 7 }]],
    ['is one of the sweeper', (event) => [{ ...event, stages: {} }]],
    ['names no launch', (event) => [{ ...event, epoch: 'x' }]],
  ])('is not held where the dead letter %s: the sweeper ends it', async (_what, spoil) => {
    const { ids, event } = await aSilentExecution();
    const [data, signature] = spoil(event);
    await capture(data, createDeadLetterWorld(store(), capturedAt).ports, signature);
    expect(await sweepAt(capturedAt, ids.executionId)).toHaveLength(1);
  });
});

describe('a replay of a result', () => {
  const refusals = async (ports: DeadLetterPorts, deadLetterId: string) =>
    (await ports.read(deadLetterId))?.replays.map(({ refusedCode }) => refusedCode);

  it('of an execution that was ended meanwhile is refused, and nothing is published', async () => {
    const { ids, ports, published, deadLetterId } = await aHeldResult();
    const [lost] = await sweepAt(capturedAt + holdMs, ids.executionId);
    await collect(lost, goodSignature, capturedAt + holdMs);
    await ask(deadLetterId, ports);
    expect(published).toEqual([]);
    expect(await ports.read(deadLetterId)).toMatchObject({
      state: 'open',
      replays: [{ executionId: null, refused: expect.stringMatching(/^\[replay\/already-ended\] .*: lost$/) }],
    });
  });

  it('that ended its execution is refused the next time', async () => {
    const { ports, published, deadLetterId } = await aHeldResult();
    await ask(deadLetterId, ports);
    await collect(published[0]?.data);
    await ask(deadLetterId, ports, 'r2');
    expect(published).toHaveLength(1);
    expect(await refusals(ports, deadLetterId)).toEqual([undefined, 'replay/already-ended']);
  });

  it('dies after each of its effects and is delivered again, also after its execution ended: it is a replayed one', async () => {
    const { ports, published, deadLetterId } = await aHeldResult();
    for (const at of [1, 2, 3, 4, 5, 6])
      await ask(deadLetterId, crashAfterCall(ports, at, ['now', 'isSigned'])).catch(() => {});
    await collect(published[0]?.data);
    await ask(deadLetterId, ports);
    expect(await ports.read(deadLetterId)).toMatchObject({ state: 'replayed', replays: [{ refused: null }] });
  });

  it('that was recorded, and whose execution was ended before it was published, is refused after all', async () => {
    const { ids, ports, published, deadLetterId } = await aHeldResult();
    const unavailable = { ...ports, transactExecution: () => Promise.reject(new Error('unavailable')) };
    await expect(ask(deadLetterId, unavailable)).rejects.toThrow('unavailable');
    expect(await ports.read(deadLetterId)).toMatchObject({ replays: [{ publishedAt: null }] });
    const [lost] = await sweepAt(capturedAt + holdMs, ids.executionId);
    await collect(lost, goodSignature, capturedAt + holdMs);
    await ask(deadLetterId, ports);
    expect([published, await refusals(ports, deadLetterId)]).toEqual([[], ['replay/already-ended']]);
  });

  it.each<[string, (event: CompletionEvent) => readonly [unknown, string?], string]>([
    ['is forged', (event) => [event, 'forged'], 'result/bad-signature'],
    ['is of another generation', (event) => [{ ...event, generation: 7 }], 'replay/other-launch'],
    [
      'is of an execution that nobody knows',
      (event) => [{ ...event, executionId: 'none' }],
      'result/unknown-execution',
    ],
    ['is of a version that nobody reads', (event) => [{ ...event, version: 2 }], 'message/unsupported-version'],
    ['is none', (event) => [{ ...event, outcome: 'well' }], 'message/invalid'],
  ])('is refused where it %s', async (_what, spoil, code) => {
    const { ports, published } = createDeadLetterWorld(store(), capturedAt);
    const { event } = await aSilentExecution();
    const [data, signature] = spoil(event);
    const deadLetterId = await capture(data, ports, signature);
    await ask(deadLetterId, ports);
    expect([published, await refusals(ports, deadLetterId)]).toEqual([[], [code]]);
  });

  it('that fails again and again is refused once as many replays in a row led to it as are allowed', async () => {
    const { ports, published, deadLetterId, ids, event } = await aHeldResult();
    let last = deadLetterId;
    for (let round = 0; round <= deadLetterPolicy.maxReplays; round += 1) {
      await ask(last, ports);
      const attributes = { ...published.at(-1)?.attributes, ...forwardedFrom('exec-results-collector') };
      const messageId = crypto.randomUUID();
      await captureDeadLetter(aDelivery(event, { messageId, attributes }), ports, deadLetterPolicy);
      last = `exec-results-collector-${messageId}`;
    }
    expect(published).toHaveLength(deadLetterPolicy.maxReplays);
    await ask(last, ports, 'r9');
    expect(await refusals(ports, last)).toEqual(['replay/too-many']);
    expect(await recordOf(ids.executionId)).toMatchObject({
      heldResult: { deadLetterId: last, heldAt: capturedAt, endsAt: capturedAt + collectionMs },
    });
  });
});

describe('a held result that is dismissed', () => {
  const dismissal = { verb: 'dismiss' };

  it('lets the sweeper end its execution at once, and keeps its bytes', async () => {
    const { ids, ports, deadLetterId, event } = await aHeldResult();
    await ask(deadLetterId, ports, 'x1', dismissal);
    expect(await sweepAt(capturedAt, ids.executionId)).toMatchObject([{ outcome: { kind: 'lost' } }]);
    expect(await ports.read(deadLetterId)).toMatchObject({
      state: 'dismissed',
      dismissal: { requestId: 'x1', reason: 'mended', dismissedAt: capturedAt },
      data: Buffer.from(JSON.stringify(event)).toString('base64'),
      expireAt: capturedAt + deadLetterPolicy.retentionMs,
    });
  });

  it('dies after each of its effects and is delivered again: the hold is given up', async () => {
    const { ids, ports, deadLetterId } = await aHeldResult();
    for (const at of [1, 2])
      await ask(deadLetterId, crashAfterCall(ports, at, ['now']), 'x1', dismissal).catch(() => {});
    await ask(deadLetterId, ports, 'x1', dismissal);
    expect(await sweepAt(capturedAt, ids.executionId)).toHaveLength(1);
  });

  it('is not held again when it becomes a dead letter once more', async () => {
    const { ids, ports, deadLetterId, event } = await aHeldResult();
    await ask(deadLetterId, ports, 'x1', dismissal);
    await capture(event, ports);
    expect(await sweepAt(capturedAt, ids.executionId)).toHaveLength(1);
  });

  it('can be replayed when somebody says that it is meant, and not before', async () => {
    const { ports, published, deadLetterId, ids } = await aHeldResult();
    await ask(deadLetterId, ports, 'x1', dismissal);
    await ask(deadLetterId, ports);
    expect(published).toEqual([]);
    await ask(deadLetterId, ports, 'r2', { includeDismissed: true });
    await collect(published[0]?.data);
    expect(await recordOf(ids.executionId)).toMatchObject({ state: 'finished', result: { status: 'succeeded' } });
    expect(await ports.read(deadLetterId)).toMatchObject({
      state: 'replayed',
      replays: [{ refusedCode: 'replay/dismissed' }, { refused: null }],
    });
  });

  it('that is not there is a dead letter itself', async () => {
    const refused: string[] = [];
    const { ports } = createDeadLetterWorld(store(), capturedAt);
    const watched = { ...ports, deadLetter: async (_delivery: unknown, code: string) => void refused.push(code) };
    await ask('never-was', watched, 'x1', dismissal);
    expect(refused).toEqual(['replay/unknown-dead-letter']);
  });
});
