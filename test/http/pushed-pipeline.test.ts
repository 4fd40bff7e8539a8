import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import { startDeadLetter } from '../../dead-letter/main.ts';
import { startDispatcher } from '../../dispatcher/main.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../../infra/topology.ts';
import { type RunningStack, startStack } from '../../local/stack.ts';
import { startCollector } from '../../result-collector/main.ts';
import type { RunningService } from '../../service/run-service.ts';

/*
 * The whole pipeline as it scales to zero on Google Cloud: no service pulls, the local Pub/Sub pushes to each with signed
 * tokens, and nothing sweeps but for the messages of the schedule.
 */

const audience = 'https://sandbus.example';
const serviceAccount = 'pusher@p.iam.gserviceaccount.com';
const readers: Readonly<Record<string, string>> = {
  dispatcher: 'dispatcher',
  collector: 'result-collector',
  deadLetter: 'dead-letter',
};
/** The service that reads a subscription, by the key of the topology. */
const readerOf = (key: string) => readers[/^[a-z]+(?:Letter)?/.exec(key)?.[0] ?? ''] ?? '';

let stack: RunningStack;
let sandbus: Sandbus;
const running: RunningService[] = [];
const ports = new Map<string, number>();

beforeAll(async () => {
  stack = await startStack({ log: () => {}, services: [], sweepEveryMs: 1000 });
  const pushed = (prefix: string) => ({
    ...stack.env,
    [`${prefix}_DELIVERY`]: 'push',
    [`${prefix}_PUSH_AUDIENCE`]: audience,
    [`${prefix}_PUSH_SERVICE_ACCOUNT`]: serviceAccount,
    [`${prefix}_PUSH_JWKS_URL`]: stack.jwksUrl ?? '',
  });
  const log = () => {};
  const dispatcher = await startDispatcher(pushed('DISPATCHER'), log);
  const collector = await startCollector({ ...pushed('COLLECTOR'), PORT: '0' }, log);
  const deadLetter = await startDeadLetter({ ...pushed('DEAD_LETTER'), PORT: '0' }, log);
  running.push(dispatcher, collector, deadLetter);
  ports.set('dispatcher', dispatcher.port).set('result-collector', collector.port ?? 0);
  ports.set('dead-letter', deadLetter.port ?? 0);
  const pubsub = createPubsubClient(readGoogleConfig(stack.env));
  await Promise.all(
    (Object.entries(subscriptions) as [string, SubscriptionSpec][]).map(([key, { name }]) =>
      pubsub.subscription(name).modifyPushConfig({
        pushEndpoint: `http://127.0.0.1:${ports.get(readerOf(key))}/push/${name}`,
        oidcToken: { audience, serviceAccountEmail: serviceAccount },
      }),
    ),
  );
  await pubsub.close();
  sandbus = new Sandbus({ env: stack.clientEnv });
});
afterAll(async () => {
  await sandbus?.close();
  for (const service of running) await service.close();
  await stack?.close();
});

describe('a pipeline whose services are all pushed to', () => {
  it('runs the commands of a session, one after the other', async () => {
    const session = sandbus.session('pushed');
    const [first, second] = await Promise.all([
      session.exec('mkdir -p app && cd app && echo 1 > file'),
      session.exec('pwd; cat file'),
    ]);
    expect([first.status, second.status, second.stdout]).toEqual(['succeeded', 'succeeded', '/workspace/app\n1\n']);
  });

  it('keeps what nobody can read as a dead letter', async () => {
    const pubsub = createPubsubClient(readGoogleConfig(stack.env));
    await pubsub.topic(topics.requests).publishMessage({ data: Buffer.from('{}') });
    await pubsub.close();
    const deadline = Date.now() + 60_000;
    const firstCode = async (): Promise<string | undefined> => {
      const [found] = await sandbus.deadLetters.list({ limit: 1 });
      return found === undefined && Date.now() < deadline ? await firstCode() : found?.code;
    };
    expect(await firstCode()).toBe('message/invalid');
  });

  it('answers nothing to who asks for another path or without a token', async () => {
    const url = `http://127.0.0.1:${ports.get('result-collector')}`;
    const statusOf = async (path: string, method: string) => (await fetch(url + path, { method })).status;
    const { name } = subscriptions.collectorResults;
    expect([
      await statusOf('/healthz', 'GET'),
      await statusOf(`/push/${name}`, 'POST'),
      await statusOf(`/push/${name}`, 'GET'),
      await statusOf('/push/__proto__', 'POST'),
      await statusOf('/', 'POST'),
    ]).toEqual([200, 401, 405, 404, 404]);
  });
});
