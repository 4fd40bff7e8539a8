import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import {
  createGeneratedClients,
  createLine,
  type Line,
  type PubsubFixture,
  startPubsubFixture,
  textsOf,
} from './pubsub-fixture.ts';
import { type PushReceiver, type ScriptedAnswer, startPushReceiver } from './push-receiver.ts';

let fixture: PubsubFixture;
const receivers: PushReceiver[] = [];
beforeAll(async () => {
  fixture = await startPubsubFixture({ push: { maxInFlight: 2 } });
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});
afterAll(() => fixture.close());

async function startReceiver(...script: ScriptedAnswer[]): Promise<PushReceiver> {
  const receiver = await startPushReceiver(script);
  receivers.push(receiver);
  return receiver;
}

function createPushLine(receiver: PushReceiver, settings: { pushConfig?: object; [setting: string]: unknown } = {}) {
  return fixture.createLine({ ...settings, pushConfig: { pushEndpoint: receiver.url, ...settings.pushConfig } });
}

/** Makes the subscription a pull subscription, so that what is not acknowledged can be seen by pulling. */
async function _stopPushing(line: Line): Promise<void> {
  await fixture.subscriber.modifyPushConfig({ subscription: line.subscription, pushConfig: {} });
}

/**
 * Waits until the server has taken the answers to this many pushes. They were in its sockets before these calls were
 * sent, so it reads them first.
 */
async function settled(line: Line, receiver: PushReceiver, pushes: number): Promise<void> {
  await receiver.received(pushes);
  for (let call = 0; call < 3; call++) await fixture.subscriber.getSubscription({ subscription: line.subscription });
}

/** Moves time on in steps until the receiver has got this many pushes; gives the time that it took. */
async function timeUntil(line: Line, receiver: PushReceiver, pushes: number, stepMs: number): Promise<number> {
  let waitedMs = 0;
  await receiver.received(1);
  await settled(line, receiver, receiver.pushes.length);
  while (receiver.pushes.length < pushes) {
    fixture.clock.advance(stepMs);
    waitedMs += stepMs;
    await settled(line, receiver, receiver.pushes.length);
  }
  return waitedMs;
}

describe('a push', () => {
  it('tells the delivery attempt under a dead-letter policy', async () => {
    const receiver = await startReceiver(500);
    const graveyard = await fixture.createLine();
    const line = await createPushLine(receiver, { deadLetterPolicy: { deadLetterTopic: graveyard.topic } });
    await line.publish('counted');
    await timeUntil(line, receiver, 2, 100);
    const attempts = receiver.pushes.map(({ body }) => JSON.parse(body.toString()).deliveryAttempt);
    expect(attempts).toEqual([1, 2]);
  });

  it.each<ScriptedAnswer>([203, 301, 400, 404, 500, 'hang-up'])('that ends with %s comes again', async (answer) => {
    const receiver = await startReceiver(answer);
    const line = await createPushLine(receiver);
    await line.publish('again');
    await timeUntil(line, receiver, 2, 100);
    expect(receiver.pushes[1]?.body).toEqual(receiver.pushes[0]?.body);
  });

  it('that has no answer when the ack deadline ends comes again', async () => {
    const receiver = await startReceiver('never');
    const line = await createPushLine(receiver, { ackDeadlineSeconds: 10 });
    await line.publish('slow');
    await receiver.received(1);
    fixture.clock.advance(9_999);
    await settled(line, receiver, 1);
    expect(receiver.pushes).toHaveLength(1);
    fixture.clock.advance(1);
    await timeUntil(line, receiver, 2, 100);
    expect(receiver.pushes).toHaveLength(2);
  });

  it('that keeps failing waits twice as long each time, from 100 ms', async () => {
    const receiver = await startReceiver(500, 500, 500);
    const line = await createPushLine(receiver);
    await line.publish('waiting');
    await receiver.received(1);
    const waits = [
      await timeUntil(line, receiver, 2, 100),
      await timeUntil(line, receiver, 3, 100),
      await timeUntil(line, receiver, 4, 100),
    ];
    expect(waits).toEqual([100, 200, 400]);
  });

  it('follows the retry policy of the subscription', async () => {
    const receiver = await startReceiver(500);
    const line = await createPushLine(receiver, { retryPolicy: { minimumBackoff: { seconds: 10 } } });
    await line.publish('waiting');
    await receiver.received(1);
    expect(await timeUntil(line, receiver, 2, 1_000)).toBe(10_000);
  });

  it('that fails as often as the policy allows moves to the dead-letter topic', async () => {
    const receiver = await startReceiver(500, 500, 500, 500, 500);
    const graveyard = await fixture.createLine();
    const line = await createPushLine(receiver, {
      deadLetterPolicy: { deadLetterTopic: graveyard.topic, maxDeliveryAttempts: 5 },
    });
    const waiting = fixture.subscriber.pull({ subscription: graveyard.subscription, maxMessages: 1 });
    await line.publish('dead');
    await timeUntil(line, receiver, 5, 100);
    const [response] = await waiting;
    expect(textsOf(response.receivedMessages ?? [])).toEqual(['dead']);
  });
});

describe('a slow endpoint', () => {
  it('has no more pushes under way than the server allows', async () => {
    const receiver = await startReceiver('never', 'never');
    const line = await createPushLine(receiver);
    await line.publish('a', 'b', 'c');
    await settled(line, receiver, 2);
    expect(receiver.pushes).toHaveLength(2);
    fixture.clock.advance(10_000);
    await receiver.received(3);
    expect(receiver.pushes.length).toBeGreaterThan(2);
  });
});

describe('an identity token', () => {
  it("is accepted by Google's library with the server's keys, for the endpoint as audience", async () => {
    const server = await startPubsubServer();
    const clients = createGeneratedClients(server);
    const receiver = await startReceiver();
    const oidcToken = { serviceAccountEmail: 'pusher@local-project.iam.gserviceaccount.com' };
    const line = await createLine(clients, 'signed', { pushConfig: { pushEndpoint: receiver.url, oidcToken } });
    await line.publish('signed');
    await receiver.received(1);
    const { keys } = (await (await fetch(server.jwksUrl)).json()) as { keys: (JsonWebKey & { kid: string })[] };
    await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
    await server.close();
    const certificates = Object.fromEntries(
      keys.map((key) => [
        key.kid,
        createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
      ]),
    );
    const token = receiver.pushes[0]!.headers.authorization!.replace('Bearer ', '');
    const ticket = await new OAuth2Client().verifySignedJwtWithCertsAsync(token, certificates, receiver.url, [
      'https://accounts.google.com',
    ]);
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: receiver.url,
      email: oidcToken.serviceAccountEmail,
      email_verified: true,
      sub: expect.stringMatching(/^\d+$/),
    });
  });

  it('has the audience of the subscription, lasts an hour, and is replaced before it ends', async () => {
    const receiver = await startReceiver();
    const oidcToken = { serviceAccountEmail: 'pusher@local-project.iam.gserviceaccount.com', audience: 'my-service' };
    const line = await createPushLine(receiver, { pushConfig: { oidcToken } });
    const start = Math.floor(fixture.clock.now() / 1000);
    for (const waitMs of [0, 3_299_000, 2_000]) {
      fixture.clock.advance(waitMs);
      const count = receiver.pushes.length + 1;
      await line.publish('signed');
      await settled(line, receiver, count);
    }
    const claims = receiver.pushes.map(({ headers }) =>
      JSON.parse(Buffer.from(headers.authorization!.split('.')[1]!, 'base64url').toString()),
    );
    expect(claims[0]).toMatchObject({ aud: 'my-service', iat: start, exp: start + 3600 });
    expect(claims.map(({ iat }) => iat - start)).toEqual([0, 0, 3301]);
  });
});
