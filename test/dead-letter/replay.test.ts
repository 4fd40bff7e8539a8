import { describe, expect, it } from '@jest/globals';
import { captureDeadLetter } from '../../dead-letter/capture.ts';
import type { DeadLetterPorts } from '../../dead-letter/ports.ts';
import { handleReplay } from '../../dead-letter/replay.ts';
import { crashAfterCall } from '../support/crashing-ports.ts';
import { createDeadLetterWorld, deadLetterPolicy, forwardedFrom } from '../support/dead-letter-world.ts';
import { aDelivery } from '../support/dispatcher-world.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const store = useRecordsStore();

/** A request that was given up and captured, so that its execution was rejected. */
async function capturedRequest() {
  const world = createDeadLetterWorld(store());
  const request = { ...freshIds(), command: 'x' };
  const messageId = crypto.randomUUID();
  const attributes = forwardedFrom('exec-requests-dispatcher');
  await captureDeadLetter(aDelivery(request, { messageId, attributes }), world.ports, deadLetterPolicy);
  return { ...world, request, deadLetterId: `exec-requests-dispatcher-${messageId}` };
}

const replay = (deadLetterId: string, ports: DeadLetterPorts, replayId = 'r1', more: object = {}) =>
  handleReplay(aDelivery({ replayId, deadLetterId, reason: 'fixed', ...more }), ports, deadLetterPolicy);

describe('a replay of a request that was given up', () => {
  it('makes another execution, linked both ways', async () => {
    const { ports, request, requests, deadLetterId } = await capturedRequest();
    await replay(deadLetterId, ports);
    const [published] = requests;
    const { executionId } = request;
    expect(published).toMatchObject({ command: 'x', replayOf: { executionId, deadLetterId, reason: 'fixed' } });
    expect(published?.executionId).toMatch(new RegExp(`^${executionId}\\.r-`));
    const link = { executionId: published?.executionId, deadLetterId };
    expect(await store().reader.getExecution(executionId)).toMatchObject({ state: 'rejected', replays: [link] });
    expect(await ports.read(deadLetterId)).toMatchObject({
      state: 'replayed',
      replays: [{ executionId: published?.executionId, publishedAt: expect.any(Number) }],
    });
  });

  it('dies after each of its effects and is delivered again: one execution, one link', async () => {
    const { ports, request, requests, deadLetterId } = await capturedRequest();
    for (const at of [1, 2, 3, 4, 5, 6, 7]) {
      await replay(deadLetterId, crashAfterCall(ports, at, ['now'])).catch(() => {});
    }
    await Promise.all([replay(deadLetterId, ports), replay(deadLetterId, ports)]);
    expect(new Set(requests.map(({ executionId }) => executionId)).size).toBe(1);
    expect((await store().reader.getExecution(request.executionId))?.replays).toHaveLength(1);
    expect((await ports.read(deadLetterId))?.replays).toHaveLength(1);
  });

  it('publishes nothing when it is delivered after it was done', async () => {
    const { ports, requests, deadLetterId } = await capturedRequest();
    await replay(deadLetterId, ports);
    await replay(deadLetterId, ports);
    expect(requests).toHaveLength(1);
  });

  it('stays open until its message was stored', async () => {
    const { ports, deadLetterId } = await capturedRequest();
    const unavailable = { ...ports, publishRequest: () => Promise.reject(new Error('unavailable')) };
    await expect(replay(deadLetterId, unavailable)).rejects.toThrow('unavailable');
    expect(await ports.read(deadLetterId)).toMatchObject({ state: 'open', replays: [{ publishedAt: null }] });
    await replay(deadLetterId, ports, 'r2');
    expect(await ports.read(deadLetterId)).toMatchObject({
      state: 'open',
      replays: [{ publishedAt: null }, { refusedCode: 'replay/in-progress' }],
    });
    await replay(deadLetterId, ports);
    expect(await ports.read(deadLetterId)).toMatchObject({ state: 'replayed' });
  });

  it('of two orders that were planned at the same time publishes one', async () => {
    const { ports, requests, deadLetterId } = await capturedRequest();
    await Promise.all(
      ['r1', 'r2', 'r3'].map((replayId) => replay(deadLetterId, ports, replayId, { expectedReplays: 0 })),
    );
    expect(requests).toHaveLength(1);
  });
});

describe('a replay of an id conflict', () => {
  it('never touches the execution that has the id', async () => {
    const { ports, request, requests } = await capturedRequest();
    const before = await store().reader.getExecution(request.executionId);
    const messageId = crypto.randomUUID();
    const other = { ...request, command: 'another' };
    const attributes = forwardedFrom('exec-requests-dispatcher');
    await captureDeadLetter(aDelivery(other, { messageId, attributes }), ports, deadLetterPolicy);
    await replay(`exec-requests-dispatcher-${messageId}`, ports);
    expect(requests).toMatchObject([{ command: 'another' }]);
    expect(await store().reader.getExecution(request.executionId)).toEqual(before);
  });
});
