import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createTopology } from '../../gcp/provision.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { subscriptions, topics } from '../../infra/topology.ts';
import { type RunningPubsubServer, startPubsubServer } from '../../local/pubsub/server.ts';
import { projectRoot, startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const start = (program: string, env: Readonly<Record<string, string>>) =>
  startProgram([process.execPath, '--disable-warning=ExperimentalWarning', `${projectRoot}/${program}`], { env });

describe('a service on SIGTERM', () => {
  let server: RunningPubsubServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await startPubsubServer();
    env = {
      GOOGLE_CLOUD_PROJECT: 'test',
      SANDBUS_BUCKET: 'none',
      PUBSUB_EMULATOR_HOST: `${server.host}:${server.port}`,
    };
  });
  afterAll(() => server.close());

  it('finishes what it can within its time, nacks the rest, and ends with code 0', async () => {
    const { collectorSweep } = subscriptions;
    const pubsub = createPubsubClient(readGoogleConfig(env));
    await createTopology(pubsub, [topics.sweep, topics.resultsDeadLetter], [collectorSweep]);
    const service = start('test/support/draining-service.ts', { ...env, DRAINED_SUBSCRIPTION: collectorSweep.name });
    await service.printed('"message":"started"');
    const publish = (text: string) => pubsub.topic(topics.sweep).publishMessage({ data: Buffer.from(text) });
    await Promise.all(['2000', '60000'].map(publish));
    await Promise.all(['2000', '60000'].map((took) => service.printed(`began ${took}`)));
    service.kill('SIGTERM');
    const { code, stdout } = await service.ended;
    expect([code, stdout.match(/finished \d+/g)]).toEqual([0, ['finished 2000']]);
    // The one that was finished was acked. The other comes again before its ack deadline of a minute, as this test's time is shorter.
    const again = await new Promise((resolve) => {
      pubsub.subscription(collectorSweep.name).once('message', (message) => {
        message.ack();
        resolve(message.data.toString());
      });
    });
    expect(again).toBe('60000');
    await pubsub.close();
  }, 60_000);
});

describe('the dispatcher on SIGTERM', () => {
  const stack = useStack({ services: [] });

  it('still answers a call of the lease API that is under way', async () => {
    const { env } = stack().stack;
    const dispatcher = start('dispatcher/main.ts', env);
    await dispatcher.printed('"message":"started"');
    const url = `${env.DISPATCHER_LEASE_API_URL}/v1/leases/l1/heartbeat`;
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-length': 2, expect: '100-continue' };
      const call = request(url, { method: 'POST', headers });
      call.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
      // Asked to go on, the call is under way.
      call.once('continue', () => {
        call.write('{');
        dispatcher.kill('SIGTERM');
      });
      dispatcher.printed('"message":"stopping"').then(() => call.end('}'), reject);
      call.flushHeaders();
    });
    // No such lease: the answer came from the records, not from a server that was going away.
    expect([await answered, (await dispatcher.ended).code]).toEqual([410, 0]);
  }, 60_000);
});
