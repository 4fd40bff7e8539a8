import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import type { Env } from '../../configuration/env-reader.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack({ startDelayMs: 600_000 });

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'fulfilled',
    (error) => error.code ?? String(error),
  );

async function temporarySubscriptions(env: Env): Promise<readonly string[]> {
  const pubsub = createPubsubClient(readGoogleConfig(env));
  const [subscriptions] = await pubsub.getSubscriptions();
  await pubsub.close();
  return subscriptions.map(({ name }) => name).filter((name) => name.includes('sandbus-temporary'));
}

describe('connecting', () => {
  it('tells everything that is missing at once', () => {
    const env = { PUBSUB_EMULATOR_HOST: 'nowhere' };
    expect(() => new Sandbus({ env })).toThrow(
      /^\[config\/invalid\] .*PUBSUB_EMULATOR_HOST must be host:port.*GOOGLE_CLOUD_PROJECT is missing.*SANDBUS_BUCKET is missing/,
    );
  });

  it('opens nothing before it is needed', async () => {
    const address = `127.0.0.1:${await closedPort()}`;
    const env = { PUBSUB_EMULATOR_HOST: address, FIRESTORE_EMULATOR_HOST: address };
    const sandbus = new Sandbus({ projectId: 'p', bucket: 'b', env });
    await expect(sandbus.close()).resolves.toBeUndefined();
  });

  it('says at once where nothing answers, instead of trying for minutes', async () => {
    const address = `127.0.0.1:${await closedPort()}`;
    const env = { PUBSUB_EMULATOR_HOST: address, FIRESTORE_EMULATOR_HOST: address };
    const sandbus = new Sandbus({ projectId: 'p', bucket: 'b', env });
    await expect(sandbus.session('s').exec('true')).rejects.toThrow(
      `[google/unavailable] nothing answers at ${address}, where`,
    );
    await expect(sandbus.executions.list()).rejects.toThrow('where FIRESTORE_EMULATOR_HOST points');
    await sandbus.close();
  });

  it('sends no command whose end could not be seen', async () => {
    const { clientEnv } = stack().stack;
    const FIRESTORE_EMULATOR_HOST = `127.0.0.1:${await closedPort()}`;
    const blind = new Sandbus({ env: { ...clientEnv, FIRESTORE_EMULATOR_HOST } });
    const [sessionId, idempotencyKey] = [`s-${randomUUID()}`, randomUUID()];
    const exec = blind.session(sessionId).exec('true', { idempotencyKey });
    await expect(exec).rejects.toThrow('where FIRESTORE_EMULATOR_HOST points');
    await blind.close();
    // A session's requests come in order: had it been sent, it would have been accepted before this one.
    await stack()
      .sandbus.session(sessionId)
      .exec('true', { expiresAt: new Date(0) });
    expect(await stack().sandbus.executions.get(idempotencyKey)).toBeNull();
  });

  it('finds the stack by its variables', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    expect(await sandbus.executions.get('never-was')).toBeNull();
    await sandbus.close();
  });
});

describe('closing', () => {
  it('tells whoever waits, while the execution goes on', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    const accepted = Promise.withResolvers<string>();
    const running = await sandbus.session(`s-${randomUUID()}`).start('true', { onState: accepted.resolve });
    await accepted.promise;
    const output = running.output().next();
    const waiting = running.wait();
    await sandbus.close();
    await expect(waiting).rejects.toThrow(`[client/aborted] the client was closed; ${running.id} goes on`);
    await expect(output).rejects.toThrow('[client/aborted]');
    expect(await stack().sandbus.executions.get(running.id)).toMatchObject({ status: null });
  });

  it('ends the streams of events', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    const events = sandbus.events();
    const next = events.next();
    await events.ready;
    await sandbus.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('refuses every call after it, and the process goes on', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    const session = sandbus.session(`s-${randomUUID()}`);
    await session.start('true');
    await sandbus.close();
    await sandbus.close();
    const calls = {
      exec: () => session.exec('true'),
      start: () => session.start('true'),
      info: () => session.info(),
      checkpoints: () => session.checkpoints(),
      rewind: () => session.rewind(1, { wait: true }),
      fork: () => session.fork(),
      delete: () => session.delete(),
      read: () => session.files.read('file'),
      write: () => session.files.write('file', 'text'),
      get: () => sandbus.executions.get('e'),
      list: () => sandbus.executions.list(),
      cancel: () => sandbus.executions.cancel('e'),
      sessions: () => sandbus.sessions.list(),
      deadLetters: () => sandbus.deadLetters.list(),
      replay: () => sandbus.deadLetters.replay({ ids: ['d'], reason: 'r' }),
      webhooks: () => sandbus.webhooks.list(),
      tenants: () => sandbus.tenants.list(),
      sweep: () => sandbus.sweep(),
      events: () => sandbus.events().ready,
      event: () => sandbus.events().next(),
    };
    const codes = Object.entries(calls).map(async ([name, call]) => [name, await codeOf(call())]);
    expect(await Promise.all(codes)).toEqual(Object.keys(calls).map((name) => [name, 'client/closed']));
  });

  it('refuses what is asked for while it closes', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    const session = sandbus.session(`s-${randomUUID()}`);
    await session.start('true');
    const closed = sandbus.close();
    expect(await codeOf(session.exec('true'))).toBe('client/closed');
    await closed;
  });

  it('ends a command that is not sent yet, whose input goes on', async () => {
    const sandbus = new Sandbus({ env: stack().stack.clientEnv });
    const asked = Promise.withResolvers<void>();
    const stdin = new Readable({ read: () => asked.resolve() });
    const code = codeOf(sandbus.session(`s-${randomUUID()}`).exec('cat', { stdin }));
    await asked.promise;
    await sandbus.close();
    expect(await code).toBe('client/closed');
  });

  it('leaves no subscription behind', async () => {
    const { stack: running } = stack();
    const sandbus = new Sandbus({ env: running.clientEnv });
    await sandbus.session(`s-${randomUUID()}`).start('true');
    sandbus.events();
    await sandbus.close();
    expect(await temporarySubscriptions(running.clientEnv)).toEqual([]);
  });
});
