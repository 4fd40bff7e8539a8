import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ack, type Delivery, type Disposition } from '../../execution/delivery.ts';
import { createOidcVerifier } from '../../gcp/oidc-verifier.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { servePush } from '../../http/serve-push.ts';
import { type RunningPubsubServer, startPubsubServer } from '../../local/pubsub/server.ts';

/*
 * Both ends are real: the local Pub/Sub signs its pushes with a key of its own and serves the key set, and the
 * dispatcher's handler verifies them with Google's library.
 */

const audience = 'https://dispatcher.example';
const serviceAccount = 'pusher@p.iam.gserviceaccount.com';
let pubsubServer: RunningPubsubServer;
let pubsub: PubSub;
let receive: (delivery: Delivery) => Promise<Disposition>;
const statuses: number[] = [];

const server = createServer((request, response) => {
  response.on('finish', () => statuses.push(response.statusCode));
  const policy = { audience, serviceAccount, jwksUrl: pubsubServer.jwksUrl };
  const ports = { verifyToken: createOidcVerifier(pubsubServer.jwksUrl, Date.now) };
  void servePush(
    request,
    response,
    (delivery) => receive(delivery),
    ports,
    policy,
    () => {},
  );
});
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`;

beforeAll(async () => {
  pubsubServer = await startPubsubServer();
  const endpoint = { host: pubsubServer.host, port: pubsubServer.port };
  pubsub = createPubsubClient({ projectId: 'p', bucket: 'b', endpoints: { pubsub: endpoint } });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await pubsub.close();
  await pubsubServer.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function pushTo(topicName: string, token: { audience: string; serviceAccountEmail: string }) {
  const [topic] = await pubsub.createTopic(topicName);
  await topic.createSubscription(`${topicName}-push`, {
    pushConfig: { pushEndpoint: url(), oidcToken: token },
    enableMessageOrdering: true,
    // A refused push comes back after this, so a test sees each refusal once.
    retryPolicy: { minimumBackoff: { seconds: 600 }, maximumBackoff: { seconds: 600 } },
  });
  return topic;
}

describe('a pushed delivery', () => {
  it('with the token of the right account for this service is handled and acked', async () => {
    const topic = await pushTo('good', { audience, serviceAccountEmail: serviceAccount });
    const delivered = new Promise<Delivery>((resolve) => {
      receive = async (delivery) => {
        resolve(delivery);
        return ack;
      };
    });
    await topic.publishMessage({ data: Buffer.from('hi'), attributes: { a: 'b' } });
    expect(await delivered).toMatchObject({
      data: Buffer.from('hi'),
      attributes: { a: 'b' },
      subscription: 'good-push',
    });
  });

  it('is asked for again when its handler nacks it', async () => {
    receive = async () => ({ kind: 'nack', reason: 'not yet' });
    const topic = await pushTo('nacked', { audience, serviceAccountEmail: serviceAccount });
    expect(await statusAfter(() => topic.publishMessage({ data: Buffer.from('hi') }))).toBe(503);
  });

  it.each([
    ['audience', { audience: 'https://other.example', serviceAccountEmail: serviceAccount }],
    ['account', { audience, serviceAccountEmail: 'other@p.iam.gserviceaccount.com' }],
  ])('with a token of another %s is refused and not handled', async (what, token) => {
    receive = async () => {
      throw new Error('handled');
    };
    const topic = await pushTo(`other-${what}`, token);
    expect(await statusAfter(() => topic.publishMessage({ data: Buffer.from('hi') }))).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ['without a token', {}],
    ['with something else', { authorization: 'Bearer e30.e30.e30' }],
  ])('%s is refused', async (_how, headers) => {
    expect((await fetch(url(), { method: 'POST', headers, body: '{}' })).status).toBe(401);
  });
});

/** The status of the first answer after `act`. */
async function statusAfter(act: () => Promise<unknown>): Promise<number | undefined> {
  statuses.length = 0;
  const answered = new Promise<void>((resolve) => {
    server.once('request', (_request, response) => response.once('finish', resolve));
  });
  await act();
  await answered;
  return statuses[0];
}
