import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PipelineError, Session } from '../../client/index.ts';
import { useStack } from '../support/stack.ts';
import { openPipelineTools, type PipelineTools } from './pipeline-tools.ts';

/** A job that takes longer to start than any test takes: commands are accepted and never begin. */
const stack = useStack({ startDelayMs: 600_000 });
let tools: PipelineTools;
beforeAll(() => {
  tools = openPipelineTools(stack().stack.clientEnv);
});
afterAll(() => tools.close());

const newSession = (): Session => stack().sandbus.session(`s-${randomUUID()}`);
const codeOf = (promise: Promise<unknown>) => promise.then(String, (error: PipelineError) => error.code);
const isLaunching = ({ state }: { state: string }) => state === 'launching';

describe('a command that is turned down', () => {
  it('has a result that says why, and not an error', async () => {
    const result = await newSession().exec('true', { expiresAt: new Date(0) });
    expect(result).toMatchObject({
      status: 'rejected',
      outcome: { kind: 'rejected', code: 'request/expired', message: 'expiresAt 1970-01-01T00:00:00.000Z has passed' },
      exitCode: null,
      stdout: '',
      seq: 0,
    });
  });

  it('is an error with the result as its cause when success is asked for', async () => {
    const exec = newSession().exec('true', { expiresAt: new Date(0), check: true });
    await expect(exec).rejects.toMatchObject({
      code: 'client/command-failed',
      message: expect.stringContaining('ended with rejected'),
      cause: { status: 'rejected' },
    });
  });

  it('is told before anything is published when the call itself is wrong', async () => {
    const { sandbus } = stack();
    const executionId = randomUUID();
    const exec = sandbus.session('not/allowed').exec('true', { idempotencyKey: executionId });
    await expect(exec).rejects.toThrow('[message/invalid] sessionId "not/allowed" must be');
    expect(await sandbus.executions.get(executionId)).toBeNull();
  });
});

describe('an execution that has not begun', () => {
  it('is cancelled by its handle, and its result says so', async () => {
    const running = await newSession().start('true');
    await tools.untilExecution(running.id, isLaunching);
    await running.kill('not needed');
    expect(await running.wait()).toMatchObject({
      executionId: running.id,
      status: 'cancelled',
      outcome: { kind: 'cancelled', by: 'request', reason: 'not needed' },
    });
  });

  it('is cancelled at once after it was sent, though the request may come after the cancellation', async () => {
    const running = await newSession().start('true', { live: false });
    await running.kill();
    expect(await running.wait()).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled by its id; a second time there is nothing to cancel', async () => {
    const { executions } = stack().sandbus;
    const running = await newSession().start('true', { live: false });
    await tools.untilExecution(running.id, isLaunching);
    expect(await executions.cancel(running.id, 'enough')).toBe(true);
    expect((await running.wait()).outcome).toEqual({ kind: 'cancelled', by: 'request', reason: 'enough' });
    expect(await executions.cancel(running.id)).toBe(false);
  });

  it('is cancelled by the signal, and waiting for it ends', async () => {
    const controller = new AbortController();
    const session = newSession();
    const executionId = randomUUID();
    const exec = session.exec('true', { idempotencyKey: executionId, signal: controller.signal });
    await tools.untilExecution(executionId, isLaunching);
    controller.abort(new Error('the user left'));
    await expect(exec).rejects.toMatchObject({ code: 'client/aborted' });
    const ended = await tools.untilExecution(executionId, ({ state }) => state === 'finished');
    expect(ended).toMatchObject({ result: { outcome: { kind: 'cancelled', reason: 'the user left' } } });
  });

  it('is not sent when the signal was aborted before', async () => {
    const executionId = randomUUID();
    const exec = newSession().exec('true', { idempotencyKey: executionId, signal: AbortSignal.abort() });
    expect(await codeOf(exec)).toBe('client/aborted');
    expect(await stack().sandbus.executions.get(executionId)).toBeNull();
  });

  it('is not sent when the signal is aborted while its input is read', async () => {
    const [executionId, controller] = [randomUUID(), new AbortController()];
    const stdin = new Readable({ read: () => controller.abort() });
    const exec = newSession().exec('cat', { idempotencyKey: executionId, stdin, signal: controller.signal });
    expect([await codeOf(exec), stdin.destroyed]).toEqual(['client/aborted', true]);
    expect(await stack().sandbus.executions.get(executionId)).toBeNull();
  });

  it('is refused before anything of its input is taken, where its options are not valid', async () => {
    const stdin = new Readable({ read: () => stdin.destroy(new Error('it was read')) });
    expect(await codeOf(newSession().exec('cat', { stdin, outputs: ['../x'] }))).toBe('message/invalid');
    expect(stdin.errored).toBeNull();
  });

  it('goes on when waiting for it takes longer than the caller wants', async () => {
    const executionId = randomUUID();
    const exec = newSession().exec('true', { idempotencyKey: executionId, waitMs: 100 });
    await expect(exec).rejects.toThrow(`[client/timeout] no end of ${executionId} within 100 ms`);
    expect(await tools.untilExecution(executionId, isLaunching)).toMatchObject({ executionId });
  });

  it('tells its states, each once', async () => {
    const states: string[] = [];
    const running = await newSession().start('true', { live: false, onState: (state) => states.push(state) });
    await tools.untilExecution(running.id, isLaunching);
    await running.kill();
    await running.wait();
    expect(states).toEqual(['launching', 'finished']);
  });

  it('is no longer waited for when a callback throws, and the error is the callback’s own', async () => {
    const exec = newSession().exec('true', {
      onState: (state) => {
        throw new Error(`cannot take ${state}`);
      },
    });
    await expect(exec).rejects.toThrow('cannot take launching');
  });

  it('ends the output of its handle with it', async () => {
    const running = await newSession().start('true');
    const next = running.output().next();
    await running.kill();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('an idempotency key', () => {
  it('names one execution, however often it is asked for', async () => {
    const session = newSession();
    const idempotencyKey = randomUUID();
    const first = await session.start('true', { idempotencyKey });
    await tools.untilExecution(idempotencyKey, isLaunching);
    const second = await session.start('true', { idempotencyKey, live: false });
    await second.kill();
    const results = await Promise.all([first.wait(), second.wait()]);
    expect(results.map(({ executionId, seq }) => [executionId, seq])).toEqual([
      [idempotencyKey, 1],
      [idempotencyKey, 1],
    ]);
  });

  it('is refused for another command, whose outcome it would not be', async () => {
    const session = newSession();
    const idempotencyKey = randomUUID();
    await session.start('true', { idempotencyKey, live: false });
    await tools.untilExecution(idempotencyKey, isLaunching);
    expect(await codeOf(session.exec('false', { idempotencyKey }))).toBe('request/id-conflict');
  });
});

describe('the executions', () => {
  it('are found by their ids, with what is known so far', async () => {
    const session = newSession();
    const running = await session.start('sleep 1', { labels: { team: 'x' }, live: false });
    await tools.untilExecution(running.id, isLaunching);
    expect(await stack().sandbus.executions.get(running.id)).toMatchObject({
      executionId: running.id,
      sessionId: session.id,
      tenantId: 'default',
      seq: 1,
      state: 'launching',
      status: null,
      command: 'sleep 1',
      generation: 1,
      acceptedAt: expect.any(Date),
      finishedAt: null,
      labels: { team: 'x' },
      result: null,
    });
  });

  it('are found with their results when they have ended', async () => {
    const { executionId } = await newSession().exec('true', { expiresAt: new Date(0) });
    await tools.untilExecution(executionId, ({ state }) => state === 'finished');
    expect(await stack().sandbus.executions.get(executionId)).toMatchObject({
      status: 'rejected',
      finishedAt: expect.any(Date),
      result: { outcome: { kind: 'rejected' } },
    });
  });

  it.each(['never-was', 'a/b', '', '..'])('have none called %j', async (id) => {
    const { executions } = stack().sandbus;
    expect(await executions.get(id)).toBeNull();
    expect(await codeOf(executions.cancel(id))).toBe('control/unknown-execution');
  });

  it('of a session are listed, the newest first, and page by page', async () => {
    const session = newSession();
    const { executions } = stack().sandbus;
    const ids: string[] = [];
    for (const command of ['echo 1', 'echo 2', 'echo 3']) {
      const { id } = await session.start(command, { live: false });
      await tools.untilExecution(id, () => true);
      ids.unshift(id);
    }
    const page = await executions.list({ sessionId: session.id, limit: 2 });
    const rest = await executions.list({ sessionId: session.id, before: page[1]?.acceptedAt ?? new Date(0) });
    expect([...page, ...rest].map(({ executionId }) => executionId)).toEqual(ids);
    expect(await executions.list({ limit: 1 })).toHaveLength(1);
  });
});

describe('the events', () => {
  it('come once, though Pub/Sub may deliver them again', async () => {
    const session = newSession();
    const events = stack().sandbus.events({ sessionId: session.id });
    await events.ready;
    await session.exec('true', { expiresAt: new Date(0) });
    const first = await events.next();
    await tools.repeatNotification(first.value);
    const { executionId } = await session.exec('true', { expiresAt: new Date(0) });
    expect(await events.next()).toMatchObject({ value: { executionId } });
    await events.return();
  });

  it('of a session are those of its executions alone', async () => {
    const session = newSession();
    const events = stack().sandbus.events({ sessionId: session.id });
    await events.ready;
    await newSession().exec('true', { expiresAt: new Date(0) });
    const { executionId } = await session.exec('true', { expiresAt: new Date(0) });
    const { value } = await events.next();
    expect(value).toMatchObject({ executionId, sessionId: session.id, status: 'rejected' });
    const waiting = events.next();
    await events.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('are heard of all sessions when none is named', async () => {
    const events = stack().sandbus.events();
    await events.ready;
    const { executionId } = await newSession().exec('true', { expiresAt: new Date(0) });
    const heard: string[] = [];
    for await (const event of events) {
      heard.push(event.executionId);
      if (event.executionId === executionId) break;
    }
    expect(heard).toContain(executionId);
  });

  it('cannot be asked for with what could change the filter', () => {
    expect(() => stack().sandbus.events({ sessionId: 'a" OR attributes:b' })).toThrow('[message/invalid] sessionId');
  });
});
