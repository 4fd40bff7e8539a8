import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';
import { openPipelineTools, type PipelineTools } from './pipeline-tools.ts';

/** What is replayed is accepted and never begins: the tests are about dead letters. */
const stack = useStack({ startDelayMs: 600_000 });
const deadLetters = () => stack().sandbus.deadLetters;
let tools: PipelineTools;
beforeAll(() => {
  tools = openPipelineTools(stack().stack.clientEnv);
});
afterAll(() => tools.close());

const aRequest = (overrides: object = {}) => ({
  executionId: randomUUID(),
  sessionId: `s-${randomUUID()}`,
  ...overrides,
});

describe('the dead letters', () => {
  it('have what was published, with the reason why it could not be read', async () => {
    const request = aRequest({ command: '' });
    const { executionId, sessionId } = request;
    const id = await tools.publishRefused(JSON.stringify(request), { executionId, sessionId });
    const deadLetter = await deadLetters().get(id);
    expect(deadLetter).toMatchObject({
      deadLetterId: id,
      state: 'open',
      code: 'message/invalid',
      reason: 'command must not be empty',
      source: { topic: 'exec-requests' },
      executionId,
      sessionId,
      attributes: { executionId, sessionId },
      replays: [],
    });
    expect(Buffer.from(deadLetter?.data ?? []).toString()).toBe(JSON.stringify(request));
    expect(deadLetter?.deadLetteredAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('are listed with the newest first, as many as asked for', async () => {
    const older = await tools.publishRefused('not json');
    const newer = await tools.publishRefused('not json either');
    const listed = await deadLetters().list({ limit: 2 });
    expect(listed.map(({ deadLetterId }) => deadLetterId)).toEqual([newer, older]);
    expect(await deadLetters().list({ limit: 1, state: 'open' })).toHaveLength(1);
  });

  it.each(['never-was', 'a/b', '', '..'])('have none called %j', async (id) => {
    expect(await deadLetters().get(id)).toBeNull();
  });

  it.each([0, -1, 1.5, 1001, Number.NaN])('are not listed with a limit of %d', async (limit) => {
    await expect(deadLetters().list({ limit })).rejects.toThrow('[message/invalid] limit ');
  });
});

describe('a replay', () => {
  it('publishes the message with its edits and tells which execution it is now', async () => {
    const request = aRequest({ command: '' });
    const id = await tools.publishRefused(JSON.stringify(request));
    const [replayed] = await deadLetters().replay({ ids: [id], set: { command: 'echo replayed' }, reason: 'mended' });
    expect(replayed).toEqual({
      deadLetterId: id,
      topic: 'exec-requests',
      executionId: request.executionId,
      refused: null,
    });
    const accepted = await tools.untilExecution(request.executionId, () => true);
    expect(accepted.request).toMatchObject({ request: { command: 'echo replayed', replayOf: { deadLetterId: id } } });
    expect(await deadLetters().get(id)).toMatchObject({
      state: 'replayed',
      replays: [{ executionId: request.executionId, reason: 'mended', refused: null, replayedAt: expect.any(Date) }],
    });
  });

  it('is told apart from an earlier one of the same dead letter', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest({ command: '' })));
    const order = { ids: [id], set: { command: 'true' }, reason: 'again', again: true };
    const [first] = await deadLetters().replay(order);
    await tools.untilExecution(first?.executionId ?? '', () => true);
    const [second] = await deadLetters().replay(order);
    const replays = (await deadLetters().get(id))?.replays ?? [];
    expect(replays.map(({ executionId }) => executionId)).toEqual([first?.executionId, second?.executionId]);
    expect(second?.executionId).not.toBe(first?.executionId);
  });

  it('is refused for a dead letter that was replayed, in a dry run too: an order that is given again repeats nothing', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest({ command: '' })));
    const order = { ids: [id], set: { command: 'true' }, reason: 'stopped' };
    const [first] = await deadLetters().replay(order);
    for (const terms of [order, { ...order, dryRun: true }, { ...order, reason: 'another' }]) {
      expect(await deadLetters().replay(terms)).toMatchObject([
        {
          executionId: null,
          refusedCode: 'replay/already-replayed',
          refused: `[replay/already-replayed] it was replayed as ${first?.executionId} (stopped)`,
        },
      ]);
    }
    expect((await deadLetters().get(id))?.replays).toHaveLength(1);
  });

  it.each([
    ['one after the other', async (ids: readonly string[]) => [ids.slice(0, 1), ids]],
    ['in one order', async (ids: readonly string[]) => [ids]],
  ])('of a request that was published twice runs it once, %s', async (_how, ordersOf) => {
    const request = aRequest({ command: '' });
    const { executionId } = request;
    const publish = () => tools.publishRefused(JSON.stringify(request), { executionId });
    const ids = [await publish(), await publish()];
    const terms = { set: { command: 'true' }, reason: 'mended' };
    for (const some of await ordersOf(ids)) {
      await deadLetters().replay({ ...terms, ids: some });
      await tools.untilExecution(executionId, () => true);
    }
    expect(await deadLetters().replay({ ...terms, ids, dryRun: true })).toMatchObject([
      { refusedCode: 'replay/already-replayed' },
      { refusedCode: 'replay/already-replayed', refused: expect.stringContaining(executionId) },
    ]);
    const replays = await Promise.all(ids.map(async (id) => (await deadLetters().get(id))?.replays));
    expect(replays).toMatchObject([[{ executionId }], []]);
  });

  it('tells why a message was refused again, and the dead letter keeps that', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest()));
    const [replayed] = await deadLetters().replay({ ids: [id], reason: 'try' });
    expect(replayed).toMatchObject({ executionId: null, refused: expect.stringContaining('command is required') });
    expect(await deadLetters().get(id)).toMatchObject({ state: 'open', replays: [{ refused: replayed?.refused }] });
  });

  it('of several goes on where one is refused', async () => {
    const ids = [
      await tools.publishRefused(JSON.stringify(aRequest({ command: '' }))),
      await tools.publishRefused(JSON.stringify({ ...aRequest(), sessionId: '!' })),
    ];
    const replays = await deadLetters().replay({ ids: [...ids, ...ids], set: { command: 'true' }, reason: 'mended' });
    expect(replays.map(({ refused }) => refused !== null)).toEqual([false, true]);
  });

  it('only tells what it would publish in a dry run', async () => {
    const request = aRequest({ command: '' });
    const id = await tools.publishRefused(JSON.stringify(request));
    const order = { ids: [id], set: { command: 'true', timeoutMs: 5 }, reason: 'look', dryRun: true };
    expect(await deadLetters().replay(order)).toEqual([
      {
        deadLetterId: id,
        topic: 'exec-requests',
        executionId: request.executionId,
        refused: null,
        message: {
          ...request,
          ...{ command: 'true', timeoutMs: 5 },
          replayOf: { executionId: request.executionId, deadLetterId: id, reason: 'look' },
        },
      },
    ]);
    expect(await deadLetters().get(id)).toMatchObject({ state: 'open', replays: [] });
  });

  it('makes the execution that a dry run of it names, with a new id too', async () => {
    const request = aRequest({ command: '' });
    const id = await tools.publishRefused(JSON.stringify(request));
    const order = { ids: [id], set: { command: 'true' }, reason: 'mended', again: true };
    await deadLetters().replay(order);
    await tools.untilExecution(request.executionId, () => true);
    const [told] = await deadLetters().replay({ ...order, dryRun: true });
    const [replayed] = await deadLetters().replay(order);
    expect(told).toEqual({ ...replayed, message: expect.objectContaining({ executionId: replayed?.executionId }) });
    expect(replayed?.executionId).toMatch(new RegExp(`^${request.executionId}\\.r-`));
  });

  it('takes another new id than that of another dead letter of the same execution', async () => {
    const request = aRequest({ command: '' });
    const { executionId } = request;
    const ids = [
      await tools.publishRefused(JSON.stringify(request), { executionId }),
      await tools.publishRefused(JSON.stringify(request), { executionId }),
    ];
    const order = { set: { command: 'true' }, reason: 'mended', again: true };
    await deadLetters().replay({ ...order, ids: ids.slice(0, 1) });
    await tools.untilExecution(executionId, () => true);
    const [first, second] = await deadLetters().replay({ ...order, ids });
    expect(first?.executionId).not.toBe(second?.executionId);
    for (const replayed of [first, second]) await tools.untilExecution(replayed?.executionId ?? '', () => true);
  });

  it('is refused by a dry run as well once the dead letter was replayed as often as allowed', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest({ command: '' })));
    const order = { ids: [id], set: { command: 'true' }, reason: 'again', again: true };
    for (let replays = 0; replays < 10; replays += 1) await deadLetters().replay(order);
    for (const dryRun of [true, false]) {
      expect(await deadLetters().replay({ ...order, dryRun })).toMatchObject([
        { executionId: null, refusedCode: 'replay/too-many', refused: expect.stringContaining('[replay/too-many] ') },
      ]);
    }
  });

  it('publishes none when one of the ids is unknown', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest({ command: '' })));
    const order = { ids: [id, 'never-was'], set: { command: 'true' }, reason: 'mended' };
    await expect(deadLetters().replay(order)).rejects.toThrow('[replay/unknown-dead-letter]');
    expect(await deadLetters().get(id)).toMatchObject({ replays: [] });
  });

  it('needs a reason', async () => {
    const id = await tools.publishRefused(JSON.stringify(aRequest({ command: '' })));
    await expect(deadLetters().replay({ ids: [id], reason: '' })).rejects.toThrow('[message/invalid] reason ');
  });
});

describe('a dismissal', () => {
  const refusedRequest = async () => {
    const request = aRequest({ command: '' });
    const id = await tools.publishRefused(JSON.stringify(request), { sessionId: request.sessionId });
    return { id, filter: { sessionId: request.sessionId } };
  };

  it('takes a dead letter out of the list and the count, and keeps it with the reason', async () => {
    const { id, filter } = await refusedRequest();
    const order = { filter, reason: 'a test of the publisher' };
    expect(await deadLetters().dismiss({ ...order, dryRun: true })).toMatchObject([
      { deadLetterId: id, refused: null },
    ]);
    expect(await deadLetters().count(filter)).toBe(1);
    expect(await deadLetters().dismiss(order)).toEqual([
      { deadLetterId: id, code: 'message/invalid', reason: 'command must not be empty', refused: null },
    ]);
    expect([await deadLetters().list(filter), await deadLetters().count(filter)]).toEqual([[], 0]);
    expect(await deadLetters().list({ ...filter, state: 'dismissed' })).toMatchObject([{ deadLetterId: id }]);
    expect(await deadLetters().count({ ...filter, state: 'any' })).toBe(1);
    expect(await deadLetters().get(id)).toMatchObject({
      state: 'dismissed',
      dismissal: { reason: 'a test of the publisher', dismissedAt: expect.any(Date) },
      data: expect.any(Uint8Array),
    });
  });

  it('given again changes nothing', async () => {
    const { id } = await refusedRequest();
    await deadLetters().dismiss({ ids: [id], reason: 'first' });
    expect(await deadLetters().dismiss({ ids: [id], reason: 'second' })).toMatchObject([{ refused: null }]);
    expect(await deadLetters().get(id)).toMatchObject({ dismissal: { reason: 'first' } });
  });

  it('keeps a dead letter from being replayed by its id, and by a filter, unless it is meant', async () => {
    const { id, filter } = await refusedRequest();
    await deadLetters().dismiss({ ids: [id], reason: 'a test' });
    const order = { set: { command: 'true' }, reason: 'needed after all' };
    expect(await deadLetters().replay({ ...order, filter })).toEqual([]);
    for (const dryRun of [true, false]) {
      expect(await deadLetters().replay({ ...order, ids: [id], dryRun })).toMatchObject([
        { refused: '[replay/dismissed] it was dismissed: a test', refusedCode: 'replay/dismissed' },
      ]);
    }
    const meant = { ...filter, state: 'dismissed' } as const;
    expect(await deadLetters().replay({ ...order, filter: meant })).toMatchObject([{ refused: null }]);
    expect(await deadLetters().get(id)).toMatchObject({ state: 'replayed' });
  });

  it.each([
    ['a filter that is not empty', { filter: { state: 'open' }, reason: 'x' }, '[message/invalid] the filter is empty'],
    ['ids or a filter', { ids: ['x'], filter: { code: 'x' }, reason: 'x' }, '[message/invalid] a dismissal takes ids'],
    ['ids that there are', { ids: ['never-was'], reason: 'x' }, '[replay/unknown-dead-letter]'],
  ] as const)('needs %s', async (_what, order, problem) => {
    await expect(deadLetters().dismiss(order)).rejects.toThrow(problem);
  });

  it('needs a reason that is not empty, and dismisses nothing without it', async () => {
    const { id } = await refusedRequest();
    await expect(deadLetters().dismiss({ ids: [id], reason: '' })).rejects.toThrow('[message/invalid] reason ');
    expect(await deadLetters().get(id)).toMatchObject({ state: 'open' });
  });
});
