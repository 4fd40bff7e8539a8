import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
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

  it('leaves no subscription behind', async () => {
    const { stack: running } = stack();
    const sandbus = new Sandbus({ env: running.clientEnv });
    await sandbus.session(`s-${randomUUID()}`).start('true');
    sandbus.events();
    await sandbus.close();
    expect(await temporarySubscriptions(running.clientEnv)).toEqual([]);
  });
});
